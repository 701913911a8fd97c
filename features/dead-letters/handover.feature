Feature: A partition moves while a record waits for its retry
  What a member has not finished when it gives a partition up is the next owner's.

  Scenario: A record that waits for its retry goes with its partition
    Given topic "orders" with 2 partitions
    And topic "orders_dlq" with 1 partition
    And application "first" is the reference "dlq-consumer" in group "shipping" reading "orders"
      | fail-transient     | 2     |
      | retry-backoff      | 200ms |
      | heartbeat-interval | 100ms |
    And application "second" is the reference "dlq-consumer" in group "shipping" reading "orders"
      | heartbeat-interval | 100ms |
    And 5 records are in "orders" partition 0
    And 5 records are in "orders" partition 1
    When application "first" is started
    And "first" has retried at least 1 time
    And application "second" is started
    And within 30s "second" owns 1 partition of "orders"
    And within 30s "first" has caught up with "orders"
    Then every record of "orders" was processed in group "shipping" exactly once
    And no partition of "orders" was committed in group "shipping" by one that no longer owned it
