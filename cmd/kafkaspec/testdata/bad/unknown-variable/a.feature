Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And the record "${nmae}" is in "orders"
    Then "orders" contains exactly 1 record
