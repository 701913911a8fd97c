Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And these records are in "orders":
      | key | vlaue | header.x | partitoin |
      | a   | 1     | 2        | 0         |
    Then "orders" contains exactly 1 record
