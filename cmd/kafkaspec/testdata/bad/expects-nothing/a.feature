Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    When the record "x" is sent to "orders"
