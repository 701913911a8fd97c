Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And 1.5x records from generator "orders" are sent to "orders"
    Then "orders" contains exactly many records
    And "orders" contains exactly -1 records
