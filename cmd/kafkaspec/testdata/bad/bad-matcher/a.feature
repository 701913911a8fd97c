Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And the record "x" is in "orders"
    Then "orders" contains exactly:
      | key      | value |
      | /[/      | > x   |
      | <nubmer> | 1     |
