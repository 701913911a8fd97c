Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And the record "x" is in "orders"
    Then "orders" received at least 200k
    And "orders" received at least fast records/s
