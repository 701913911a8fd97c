Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And the record "x" is in "orders":
      | key |
      | a   |
    Then "orders" is empty
      | key |
      | a   |
