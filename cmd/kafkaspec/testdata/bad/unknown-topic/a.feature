Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And the record "x" is in "ordres"
    Then "orders_dlq" is empty
