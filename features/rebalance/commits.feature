Feature: Commits that a group does not take
  A member whose commit a rebalance gets in the way of tries it again, before its partitions are another member's.

  Background:
    Given topic "orders" with 2 partitions

  Scenario: A commit that a rebalance gets in the way of is tried again before partitions are given up
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | heartbeat-interval | 100ms |
      | commit-every       | 1m    |
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
      | heartbeat-interval | 100ms |
    And 10 records are in "orders" partition 0
    And 10 records are in "orders" partition 1
    And the next OffsetCommit request from "first" fails with REBALANCE_IN_PROGRESS
    When application "first" is started
    And "first" has processed at least 20 records
    And application "second" is started
    And within 30s "second" owns 1 partition of "orders"
    Then every partition of "orders" that was given up in group "shipping" was committed before
    And every record of "orders" was processed in group "shipping" exactly once
