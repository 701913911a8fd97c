Feature: a
  Scenario Outline: one
    Given topic "orders" with <n> partitions
    And the record "x" is in "orders"
    Then "orders" contains exactly <m> records
    Examples:
      | n |
      | 1 |
