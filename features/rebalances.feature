Feature: Rebalances
  Members of a consumer group come, go, crash and hang. Whatever way the group has of sharing its partitions, each is handed over where it
  was committed, has one owner at a time, and no record is lost, nor processed twice unless its owner died.

  cooperative-sticky and range are assignors of the classic protocol, the second an eager one; uniform is that of KIP-848, where brokers assign.

  Background:
    Given topic "orders" with 6 partitions

  Scenario Outline: A member that joins takes over where the other one has committed (<assignor>)
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 6s         |
      | work            | 10ms       |
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 6s         |
      | work            | 2ms        |
    And 2_000 records from generator "orders" are in "orders"
    When application "first" is started
    And within 30s "first" has processed at least 100 records
    And application "second" is started
    And within 30s "second" owns 3 partitions of "orders"
    And within 60s "first" has caught up with "orders"
    Then no partition of "orders" had two owners in group "shipping"
    And no partition of "orders" was committed in group "shipping" by one that no longer owned it
    And each new owner in group "shipping" started where the group had committed on "orders"
    And every record of "orders" was processed in group "shipping" exactly once
    And every partition of "orders" that was given up in group "shipping" was committed before

    Examples:
      | assignor           |
      | cooperative-sticky |
      | range              |
      | uniform            |

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
    And 2_000 records from generator "orders" are in "orders"
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

  Scenario: A member says which partitions it is given
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
    Then "first" reported each partition of "orders" it was assigned

  Scenario Outline: After a crash only what was not committed is processed again (<assignor>)
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 2s         |
      | work            | 2ms        |
      | commit-every    | 100ms      |
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 2s         |
      | work            | 2ms        |
    And 2_000 records from generator "orders" are in "orders"
    When within 30s "second" owns 3 partitions of "orders"
    And within 30s "first" has processed at least 100 records
    And application "first" is killed
    And within 60s "second" owns 6 partitions of "orders"
    And within 60s "second" has caught up with "orders"
    Then no partition of "orders" had two owners in group "shipping"
    And each new owner in group "shipping" started where the group had committed on "orders"
    And every record of "orders" was processed in group "shipping", twice only if it was not committed at a crash

    Examples:
      | assignor           |
      | cooperative-sticky |
      | range              |
      | uniform            |

  Scenario Outline: A member that hung too long has lost its partitions, and does not commit them (<assignor>)
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 2s         |
      | work            | 10ms       |
      | commit-every    | 300ms      |
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 2s         |
      | work            | 2ms        |
    And 500 records from generator "orders" are in "orders"
    When application "first" is started
    And application "second" is started
    And within 30s "second" owns 3 partitions of "orders"
    And 2_000 records from generator "orders" are sent to "orders"
    And within 30s "first" has processed at least 100 records
    And within 30s "second" has processed at least 50 records
    And application "first" is paused
    And within 60s "second" owns 6 partitions of "orders"
    And application "first" is resumed
    Then within 30s "first" lost 3 partitions of "orders"
    When within 30s "first" owns 3 partitions of "orders"
    And 600 records from generator "orders" are sent to "orders"
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

  Scenario Outline: A static member that restarts in time keeps its partitions, and nobody else notices (<assignor>)
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
    And 500 records from generator "orders" are in "orders"
    When application "second" is started
    And application "first" is started
    And within 60s "first" owns 3 partitions of "orders"
    And 2_000 records from generator "orders" are sent to "orders"
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

  Scenario Outline: Partitions that a topic gains are shared out and read from their beginning (<assignor>)
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor         | <assignor> |
      | session-timeout  | 6s         |
      | metadata-max-age | 500ms      |
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor         | <assignor> |
      | session-timeout  | 6s         |
      | metadata-max-age | 500ms      |
    And 500 records from generator "orders" are in "orders"
    When within 30s "first" owns 3 partitions of "orders"
    And topic "orders" is grown to 10 partitions
    And 1_000 records from generator "orders" are sent to "orders"
    And within 60s "first" owns 5 partitions of "orders"
    And within 30s "second" owns 5 partitions of "orders"
    And within 30s "first" has caught up with "orders"
    Then every record of "orders" was processed in group "shipping" exactly once
    And no partition of "orders" had two owners in group "shipping"
    And every partition of "orders" that was given up in group "shipping" was committed before

    Examples:
      | assignor           |
      | cooperative-sticky |
      | range              |
      | uniform            |

  @exclusive
  Scenario Outline: The group goes on when the broker that coordinates it is killed (<assignor>)
    Given a cluster of at least 3 brokers
    And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 20s        |
      | work            | 5ms        |
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 20s        |
      | work            | 5ms        |
    And 2_000 records from generator "orders" are in "orders"
    When within 30s "second" owns 3 partitions of "orders"
    And within 30s "first" has processed at least 100 records
    And the broker that coordinates group "shipping" is killed
    And 500 records from generator "orders" are sent to "orders"
    And within 60s "first" has caught up with "orders"
    And application "second" is stopped
    And within 60s "first" owns 6 partitions of "orders"
    And 500 records from generator "orders" are sent to "orders"
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
