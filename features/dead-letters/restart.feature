Feature: Dead letters across stops and crashes
  No record is lost when the consumer stops, and none when it crashes.

  Background:
    Given topic "orders" with 3 partitions
    And topic "orders_dlq" with 1 partition

  Scenario: Nothing is lost or repeated when the consumer is restarted
    Given application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
    And 500 records from generator "orders-with-poison" are in "orders"
    When application "shipping" is stopped
    And 500 records from generator "orders-with-poison" are sent to "orders"
    And application "shipping" is restarted
    And "shipping" has caught up with "orders"
    Then every record of "orders" was either processed by "shipping" or is in "orders_dlq", exactly once

  Scenario: After a crash nothing is lost
    Given application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
      | session-timeout | 2s |
      | fail-transient  | 1  |
      | transient-rate  | 5% |
    And 500 records from generator "orders-with-poison" are in "orders"
    When "shipping" has processed at least 50 records
    And application "shipping" is killed
    And 500 records from generator "orders-with-poison" are sent to "orders"
    And application "shipping" is restarted
    And within 30s "shipping" has caught up with "orders"
    Then every record of "orders" was processed by "shipping" or is in "orders_dlq", at least once

  Scenario: In transactions, a crash repeats no dead letter
    Given application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
      | transactional   | true |
      | session-timeout | 2s   |
      | fail-transient  | 1    |
      | transient-rate  | 5%   |
    And 500 records from generator "orders-with-poison" are in "orders"
    When "shipping" has processed at least 50 records
    And application "shipping" is killed
    And 500 records from generator "orders-with-poison" are sent to "orders"
    And application "shipping" is restarted
    And within 30s "shipping" has caught up with "orders"
    Then no record of "orders" has two dead letters in "orders_dlq"
