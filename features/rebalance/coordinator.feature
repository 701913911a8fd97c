Feature: The coordinator of a group is lost
  The group goes on when the broker that coordinates it is killed.

  Background:
    Given topic "orders" with 6 partitions

  @exclusive
  Scenario Outline: The group goes on when its coordinator is killed (<assignor>)
    Given a cluster of at least 3 brokers
    And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 20s        |
      | work            | 5ms        |
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 20s        |
      | work            | 5ms        |
    And 600 records from generator "orders" are in "orders"
    When within 30s "second" owns 3 partitions of "orders"
    And within 30s "first" has processed at least 100 records
    And the broker that coordinates group "shipping" is killed
    And 100 records from generator "orders" are sent to "orders"
    And within 60s "first" has caught up with "orders"
    And application "second" is stopped
    And within 60s "first" owns 6 partitions of "orders"
    And 100 records from generator "orders" are sent to "orders"
    And within 60s "first" has caught up with "orders"
    Then no partition of "orders" had two owners in group "shipping"
    And no partition of "orders" was committed in group "shipping" by one that no longer owned it
    And each new owner in group "shipping" started where the group had committed on "orders"
    And every record of "orders" was processed in group "shipping", twice only if it was not committed at a crash

    Examples:
      | assignor           |
      | cooperative-sticky |
      | range              |
      | uniform            |
