Feature: A member crashes
  Its partitions go to another member once its session is over, and only what was not committed is processed again.

  Background:
    Given topic "orders" with 6 partitions

  Scenario Outline: After a crash, only what was not committed is repeated (<assignor>)
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 2s         |
      | work            | 2ms        |
      | commit-every    | 100ms      |
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 2s         |
      | work            | 2ms        |
    When within 30s "second" owns 3 partitions of "orders"
    And 200 records from generator "orders" are sent to "orders"
    And within 30s "first" has processed at least 40 records
    And 400 records from generator "orders" are sent to "orders"
    And within 30s "first" has processed at least 160 records
    And application "first" is killed
    And within 60s "second" owns 6 partitions of "orders"
    And within 60s "second" has caught up with "orders"
    Then no partition of "orders" had two owners in group "shipping"
    And each new owner in group "shipping" started where the group had committed on "orders"
    And every record of "orders" was processed in group "shipping", twice only if it was not committed at a crash
    And the records of "orders" were processed in group "shipping" in order per key, with repeats
    And "first" read "orders" without skipping records or going back

    Examples:
      | assignor           |
      | cooperative-sticky |
      | range              |
      | uniform            |
