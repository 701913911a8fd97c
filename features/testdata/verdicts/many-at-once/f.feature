Feature: Many records at once
  What a step sends to one partition may be more than a broker takes in a batch.

  Scenario: RIGHT more than a batch is sent to one partition
    Given topic "orders" with 1 partition
    And 20_000 records from generator "orders" are in "orders"
    And a record of 800kB is in "orders"
    And a record of 1kB is in "orders"
    Then "orders" contains exactly 20_002 records

  Scenario: WRONG a record that is too large by itself, says "MESSAGE_TOO_LARGE"
    Given topic "orders" with 1 partition
    And a record of 2MB is in "orders"
    Then "orders" contains exactly 1 record
