Feature: Application died
  A dead letter is larger than its topic takes, and the application ends.

  Scenario: The records behind a poison pill are processed
    Given topic "orders" with 1 partition
    And topic "orders_dlq" with 1 partition
      | max.message.bytes | 500 |
    And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
    When application "shipping" is started
    And 10 records from generator "orders" are sent to "orders"
    And a record of 2kB is sent to "orders"
    And 10 records from generator "orders" are sent to "orders"
    Then within 5s "shipping" has processed at least 20 records
