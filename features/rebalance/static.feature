Feature: A static member restarts
  A static member that restarts in time keeps its partitions, and nobody else notices.

  Background:
    Given topic "orders" with 6 partitions

  Scenario Outline: A static member keeps its partitions (<assignor>)
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | instance-id     | one        |
      | session-timeout | 30s        |
      | work            | 2ms        |
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | instance-id     | two        |
      | session-timeout | 30s        |
      | work            | 2ms        |
    And 100 records from generator "orders" are in "orders"
    When application "second" is started
    And application "first" is started
    And within 60s "first" owns 3 partitions of "orders"
    And 600 records from generator "orders" are sent to "orders"
    And within 30s "first" has processed at least 50 records
    And application "first" is restarted
    And within 30s "first" has caught up with "orders"
    Then "first" was assigned 6 partitions of "orders"
    And "second" owns 3 partitions of "orders"
    And "second" was revoked <revoked> partitions of "orders"
    And each new owner in group "shipping" started where the group had committed on "orders"
    And every record of "orders" was processed in group "shipping" exactly once

    Examples:
      | assignor           | revoked |
      | cooperative-sticky | 3       |
      | range              | 6       |
      | uniform            | 3       |
