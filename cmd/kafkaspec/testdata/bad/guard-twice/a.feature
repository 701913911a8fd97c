Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And the record "x" is in "orders"
    Then within 5s for 2s "orders" contains exactly 1 record
