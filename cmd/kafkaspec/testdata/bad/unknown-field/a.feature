Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And these records are in "orders":
      """
      - kee: a
        value: 1
      - key: b
        key: c
      """
    Then "orders" contains exactly 1 record
