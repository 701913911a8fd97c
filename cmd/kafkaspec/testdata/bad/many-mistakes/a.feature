Feature: a
  Scenario: one
    Given topic "orders" with one partition
    Then "orders" is emtpy
  Scenario: two
    Given topic "orders" with 1 partition
    And the record "x" is in "oders"
    Then "orders" contains exactly 1 record
