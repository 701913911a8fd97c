Feature: a
  Scenario: one
    Given topic "orders" with 0 partitions
    And the record "x" is in "orders"
    Then "orders" contains exactly 1 record
