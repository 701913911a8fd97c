Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    When within 5s the record "x" is sent to "orders"
    Then "orders" contains exactly 1 record
