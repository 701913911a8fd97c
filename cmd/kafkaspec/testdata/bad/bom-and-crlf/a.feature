Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    Then "orders" containz 1 record
