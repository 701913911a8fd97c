Feature: Application died
  A dead letter is larger than its topic takes, and the application ends.

  Scenario: The records behind a poison pill are processed
    Given topic "orders" with 1 partition
    And topic "orders_dlq" with 1 partition
      | max.message.bytes | 500 |
    And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
    And 10 records from generator "orders" are in "orders"
    And a record of 2kB is in "orders"
    And 10 records from generator "orders" are in "orders"
    Then within 5s "shipping" has processed at least 20 records
