Feature: A member leaves a group
  It commits what it gives up, and says that it leaves.

  Background:
    Given topic "orders" with 6 partitions

  Scenario Outline: A member that stops hands its partitions over, and leaves (<assignor>)
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 6s         |
      | work            | 2ms        |
      | commit-every    | 1m         |
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 6s         |
      | work            | 2ms        |
    And 600 records from generator "orders" are in "orders"
    When within 30s "second" owns 3 partitions of "orders"
    And within 30s "first" has processed at least 100 records
    And application "first" is stopped
    Then "first" left group "shipping"
    And every partition of "orders" that was given up in group "shipping" was committed before
    When within 30s "second" has caught up with "orders"
    Then each new owner in group "shipping" started where the group had committed on "orders"
    And every record of "orders" was processed in group "shipping" exactly once

    Examples:
      | assignor           |
      | cooperative-sticky |
      | range              |
      | uniform            |
