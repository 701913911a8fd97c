Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And 5 records from generator "ordrs" are sent to "orders"
    Then "orders" contains exactly 5 records
