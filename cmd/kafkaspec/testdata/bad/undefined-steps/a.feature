Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And theese records are in "orders":
      | key |
      | a   |
    When somebody has coffee
    Then "orders" containz exactly 1 record
