Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And the record "x" is in "orders"
    Then within 5 "orders" contains exactly 1 record
    And within 5 minutes "orders" contains exactly 1 record
    And for -2s "orders" is empty
