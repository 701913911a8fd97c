Feature: a
  Scenario Outline: <n>
    Given topic "orders" with <n> partitions
    And the record "x" is in "orders"
    Then "orders" contains exactly 1 record
