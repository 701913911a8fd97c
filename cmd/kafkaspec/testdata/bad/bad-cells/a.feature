Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And these records are in "orders":
      | key | partition | timestamp | value    |
      | a   | one       | yesterday | 0xzz     |
      | a   | -3        | 5         | base64:! |
    Then "orders" contains exactly 2 records
