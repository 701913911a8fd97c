Feature: A member hangs
  A member that hung too long has lost its partitions, and does not commit them.

  Background:
    Given topic "orders" with 6 partitions

  Scenario Outline: A member that hung has lost its partitions (<assignor>)
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 2s         |
      | work            | 10ms       |
      | commit-every    | 300ms      |
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 2s         |
      | work            | 2ms        |
    And 100 records from generator "orders" are in "orders"
    When application "first" is started
    And application "second" is started
    And within 30s "second" owns 3 partitions of "orders"
    And 900 records from generator "orders" are sent to "orders"
    And within 30s "first" has processed at least 100 records
    And within 30s "second" has processed at least 50 records
    And application "first" is paused
    And within 60s "second" owns 6 partitions of "orders"
    And application "first" is resumed
    Then within 30s "first" lost 3 partitions of "orders"
    When within 30s "first" owns 3 partitions of "orders"
    And 100 records from generator "orders" are sent to "orders"
    And within 60s "second" has caught up with "orders"
    Then no partition of "orders" was committed in group "shipping" by one that no longer owned it
    And no partition of "orders" had two owners in group "shipping"
    And each new owner in group "shipping" started where the group had committed on "orders"
    And every record of "orders" was processed in group "shipping", twice only if it was not committed at a crash

    Examples:
      | assignor           |
      | cooperative-sticky |
      | range              |
      | uniform            |
