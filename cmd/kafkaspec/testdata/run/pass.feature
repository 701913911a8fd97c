Feature: Passing
  Scenario: one record in, one record there
    Given topic "orders" with 1 partition
    And the record "x" is in "orders"
    Then "orders" contains exactly 1 record
