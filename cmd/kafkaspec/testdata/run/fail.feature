Feature: Failing
  Scenario: one record in, two expected
    Given topic "orders" with 1 partition
    And the record "x" is in "orders"
    Then within 100ms "orders" contains exactly 2 records
