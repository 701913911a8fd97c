Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And the record "x" is in "orders"
    Then the busiest partition of "orders" has at most 5 more than the mean
