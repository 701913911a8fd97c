Feature: Worlds in which a group does not share its work as claimed

  Background:
    Given topic "orders" with 2 partitions

  @wrong
  Scenario: all partitions are given to everybody
    Given application "first" is the reference "greedy" in group "shipping" reading "orders"
    And application "second" is the reference "greedy" in group "shipping" reading "orders"
    When application "first" is started
    And application "second" is started
    Then within 300ms no partition of "orders" had two owners in group "shipping"

  @wrong
  Scenario: a commit after giving up
    Given application "first" is the reference "late" in group "shipping" reading "orders"
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
    When application "first" is started
    And application "second" is started
    And "first" has said "late"
    Then within 300ms no partition of "orders" was committed in group "shipping" by one that no longer owned it

  @wrong
  Scenario: a start from the beginning
    Given application "first" is the reference "wrong/group-starts-over" in group "shipping" reading "orders"
    And 10 records are in "orders" partition 0
    When "first" has caught up with "orders"
    And application "first" is restarted
    And "first" has processed at least 20 records
    Then within 300ms each new owner in group "shipping" started where the group had committed on "orders"

  @wrong
  Scenario Outline: no commit before leaving
    Given application "first" is the reference "wrong/group-no-commit-on-revoke" in group "shipping" reading "orders"
      | commit-every | 1m |
    And 10 records are in "orders" partition 0
    When "first" has processed at least 10 records
    And application "first" is restarted
    And "first" has processed at least 20 records
    Then within 300ms <claim>

    Examples:
      | claim                                                                                                     |
      | every partition of "orders" that was given up in group "shipping" was committed before                    |
      | every record of "orders" was processed in group "shipping" exactly once                                   |
      | every record of "orders" was processed in group "shipping", twice only if it was not committed at a crash |

  @wrong
  Scenario Outline: records of a key in the order of nobody
    Given application "first" is the reference "wayward" in group "shipping" reading "orders"
      | does | <does> |
    And these records are in "orders":
      | partition | key | value |
      | 0         | u1  | a     |
      | 0         | u1  | b     |
      | 0         | u1  | c     |
    When "first" has processed at least <so many> records
    Then within 10s the records of "orders" were processed in group "shipping" in order per key<repeats>

    Examples:
      | does      | so many | repeats        |
      | backwards | 3       |                |
      | backwards | 3       | , with repeats |
      | again     | 4       |                |

  @wrong
  Scenario Outline: a consumer that <does>
    Given application "first" is the reference "wayward" in group "shipping" reading "orders"
      | does | <does> |
    And the record "a" is in "orders"
    And the record "b" is in "orders"
    And the record "c" is in "orders"
    And the record "d" is in "orders"
    And the record "e" is in "orders"
    And the record "f" is in "orders"
    And the record "g" is in "orders"
    And the record "h" is in "orders"
    And the record "i" is in "orders"
    And the record "j" is in "orders"
    When "first" has processed at least <so many> records
    Then within 10s "first" read "orders" without skipping records or going back

    Examples:
      | does  | so many |
      | skips | 4       |
      | again | 11      |

  @wrong
  Scenario: an eager assignor
    Given application "first" is the reference "wrong/group-eager" in group "shipping" reading "orders"
    And application "second" is the reference "wrong/group-eager" in group "shipping" reading "orders"
    When application "first" is started
    And application "second" is started
    And "first" owns 1 partition of "orders"
    Then within 300ms only partitions of "orders" that moved were revoked in group "shipping"

  @wrong
  Scenario Outline: a member of its own
    Given application "first" is the reference "wrong/group-silent" in group "shipping" reading "orders"
    When "first" owns 2 partitions of "orders"
    Then within 300ms <claim>

    Examples:
      | claim                                                       |
      | "first" left group "shipping"                               |
      | "first" lost 1 partition of "orders"                        |
      | "first" owns 1 partition of "orders"                        |
      | "first" owns at least 3 partitions of "orders"              |
      | "first" owns at most 1 partition of "orders"                |
      | "first" was assigned at least 3 partitions of "orders"      |
      | "first" was assigned at most 1 partition of "orders"        |
      | "first" was revoked at least 1 partition of "orders"        |
      | "first" lost at least 1 partition of "orders"               |
      | "first" reported each partition of "orders" it was assigned |
      | "first" was assigned 1 partition of "orders"                |
      | "first" was revoked 1 partition of "orders"                 |

  @wrong
  Scenario: a partition that moved to another member
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
    When application "first" is started
    And application "second" is started
    And "second" owns 1 partition of "orders"
    Then within 300ms "first" was revoked at most 0 partitions of "orders"

  @wrong
  Scenario: partitions that were lost
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | heartbeat-interval | 100ms |
    And the next Heartbeat request from "first" fails with UNKNOWN_MEMBER_ID
    When "first" owns 2 partitions of "orders"
    And "first" lost at least 1 partition of "orders"
    Then within 300ms "first" lost at most 0 partitions of "orders"

  @empty
  Scenario Outline: nobody in the group
    Given application "first" is the reference "talker" reading "orders" writing "orders"
    And group "shipping" commits offset 0 of "orders" partition 0
    Then within 300ms <claim>

    Examples:
      | claim                                                                                                     |
      | each new owner in group "shipping" started where the group had committed on "orders"                      |
      | every partition of "orders" that was given up in group "shipping" was committed before                    |
      | every record of "orders" was processed in group "shipping" exactly once                                   |
      | every record of "orders" was processed in group "shipping", twice only if it was not committed at a crash |
      | the records of "orders" were processed in group "shipping" in order per key                               |
      | the records of "orders" were processed in group "shipping" in order per key, with repeats                 |
      | no partition of "orders" had two owners in group "shipping"                                               |
      | no partition of "orders" was committed in group "shipping" by one that no longer owned it                 |
      | only partitions of "orders" that moved were revoked in group "shipping"                                   |
      | "first" left group "shipping"                                                                             |
      | "first" lost 0 partitions of "orders"                                                                     |
      | "first" owns 0 partitions of "orders"                                                                     |
      | "first" read "orders" without skipping records or going back                                              |
      | "first" reported each partition of "orders" it was assigned                                               |
      | "first" was assigned 0 partitions of "orders"                                                             |
      | "first" was revoked 0 partitions of "orders"                                                              |
      | "first" owns at least 1 partition of "orders"                                                             |
      | "first" owns at most 1 partition of "orders"                                                              |
      | "first" was assigned at least 1 partition of "orders"                                                     |
      | "first" was assigned at most 1 partition of "orders"                                                      |
      | "first" was revoked at least 1 partition of "orders"                                                      |
      | "first" was revoked at most 1 partition of "orders"                                                       |
      | "first" lost at least 1 partition of "orders"                                                             |
      | "first" lost at most 1 partition of "orders"                                                              |

  @empty
  Scenario Outline: a member alone in its group, which nobody disturbs
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
    When "first" owns 2 partitions of "orders"
    Then within 300ms <claim>

    Examples:
      | claim                                                |
      | "first" lost 0 partitions of "orders"                |
      | "first" lost at most 1 partition of "orders"         |
      | "first" was revoked 0 partitions of "orders"         |
      | "first" was revoked at most 1 partition of "orders"  |

  @holds
  Scenario: a member whose group was joined by another has lost nothing
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
    When application "first" is started
    And application "second" is started
    And "second" owns 1 partition of "orders"
    Then "first" lost 0 partitions of "orders"
