Feature: Slow
  The consumer needs 40 milliseconds for a record, and cannot keep up.

  Scenario: The group keeps up with its topic
    Given topic "orders" with 2 partitions
    And application "shipping" is the reference "group-consumer" in group "shipping" reading "orders"
      | work         | 40ms  |
      | commit-every | 200ms |
    And 20 records from generator "orders" are in "orders"
    When "shipping" has processed at least 10 records
    And 300 records from generator "orders" are sent to "orders"
    Then within 3s group "shipping" has no lag on "orders"
