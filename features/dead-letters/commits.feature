Feature: Offsets wait for dead letters
  The offset of a record is committed only after its dead letter is acknowledged.

  Background:
    Given topic "orders" with 1 partition

  Scenario: The offset is not committed while the dead letter is refused
    Given topic "orders_dlq" with 1 partition
      | max.message.bytes | 500 |
    And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
    And these records are in "orders":
      | key | value         |
      | u1  | {"amount": 5} |
    And a record of 2kB is in "orders"
    Then application "shipping" fails with "offset=1"
    And "shipping" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq"
    And "orders_dlq" is empty

  Scenario: The offset is committed only after the dead letter is safe
    Given topic "orders_dlq" with 1 partition
    And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
    And the next 3 Produce requests from "shipping" to "orders_dlq" fail with NOT_LEADER_OR_FOLLOWER
    When the record "not json" is sent to "orders"
    Then within 30s "orders_dlq" contains exactly 1 record
    When "shipping" has caught up with "orders"
    Then "shipping" committed no offset of "orders" before the dead letter was acknowledged

  Scenario: No record is committed before it is finished, and none that is not there
    Given topic "orders_dlq" with 1 partition
    And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
    And 20 records from generator "orders" are in "orders"
    When "shipping" has processed at least 20 records
    Then "shipping" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq"

  Scenario: An offset that the group refuses, as it goes on to another generation, is committed again
    Given topic "orders_dlq" with 1 partition
    And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
    And the next OffsetCommit request from "shipping" fails with REBALANCE_IN_PROGRESS
    When application "shipping" is started
    And the record "not json" is sent to "orders"
    And 20 records from generator "orders" are sent to "orders"
    Then once "shipping" has caught up, every record of "orders" was either processed by "shipping" or is in "orders_dlq", exactly once
