Feature: What a rebalance interrupts
  Cooperative and server-side assignors interrupt only the partitions that move. An eager one interrupts all.

  Background:
    Given topic "orders" with 6 partitions

  Scenario Outline: Only partitions that move are interrupted (<assignor>)
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 6s         |
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 6s         |
    When within 30s "first" owns 3 partitions of "orders"
    And within 30s "second" owns 3 partitions of "orders"
    And application "second" is stopped
    And within 30s "first" owns 6 partitions of "orders"
    Then only partitions of "orders" that moved were revoked in group "shipping"
    And "first" was assigned 9 partitions of "orders"
    And "first" was revoked 3 partitions of "orders"

    Examples:
      | assignor           |
      | cooperative-sticky |
      | uniform            |

  Scenario: An eager assignor revokes everything
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | range |
      | session-timeout | 6s    |
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | range |
      | session-timeout | 6s    |
    When within 30s "second" owns 3 partitions of "orders"
    Then "first" was revoked 6 partitions of "orders"
    And "first" owns 3 partitions of "orders"
    And no partition of "orders" had two owners in group "shipping"
