Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And these records are in "orders":
      | key | value |
      | a   | 1     |
    Then "orders" contains exactly 1 record
