Feature: a
  Scenario: nothing
