Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    Given "orders" contains exactly 1 record
    When topic "more" with 1 partition
    Then the record "x" is sent to "orders"
