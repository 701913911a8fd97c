Feature: Nothing was shown
  What holds though nothing was looked at must not pass.

  Scenario: WRONG a commit past the end counts as no lag
    Given topic "orders" with 1 partition
    And 20 records are in "orders" partition 0
    And group "g" commits offset 1019 of "orders" partition 0
    When 5 records are sent to "orders" partition 0
    Then group "g" has no lag on "orders"

  Scenario: WRONG no record is like misspelt field
    Given topic "o" with 1 partition
    And these records are in "o":
      | key | value          |
      | u1  | {"amount": -5} |
    Then within 500ms no record of "o" is like:
      | value.amuont |
      | -5           |

  Scenario: WRONG no record is like misspelt header
    Given topic "o" with 1 partition
    And these records are in "o":
      | key | headers.trace |
      | u1  | a             |
    Then for 100ms no record of "o" is like:
      | headers.trase |
      | a             |

  Scenario: WRONG processed exactly 0 of an application before it is started
    Given topic "o" with 1 partition
    And topic "o_dlq" with 1 partition
    And application "s" is the reference "dlq-consumer" in group "shipping" reading "o"
    When the record "{}" is sent to "o"
    Then for 100ms "s" processed exactly 0 records
    When application "s" is started

  Scenario: WRONG retried exactly 0 of an application before it is started
    Given topic "o" with 1 partition
    And topic "o_dlq" with 1 partition
    And application "s" is the reference "dlq-consumer" in group "shipping" reading "o"
    When the record "{}" is sent to "o"
    Then for 100ms "s" retried exactly 0 times
    When application "s" is started

  Scenario: WRONG said exactly 0 of an application before it is started
    Given topic "o" with 1 partition
    And topic "o_dlq" with 1 partition
    And application "s" is the reference "dlq-consumer" in group "shipping" reading "o"
    When the record "{}" is sent to "o"
    Then for 100ms "s" said "sorry" exactly 0 times
    When application "s" is started

  Scenario: WRONG raised exactly 0 of an application before it is started
    Given topic "o" with 1 partition
    And topic "o_dlq" with 1 partition
    And application "s" is the reference "dlq-consumer" in group "shipping" reading "o"
    When the record "{}" is sent to "o"
    Then for 100ms "s" raised exactly 0 alerts for "o" partition 0
    When application "s" is started

  Scenario: RIGHT processed exactly 0 of an application that has nothing to process
    Given topic "o" with 1 partition
    And topic "o_dlq" with 1 partition
    And application "s" is the reference "dlq-consumer" in group "shipping" reading "o"
    When application "s" is started
    Then for 100ms "s" processed exactly 0 records
    And group "shipping" has committed nothing of "o"
    And group "shipping" has 1 member

  Scenario: WRONG one member cannot be two owners
    Given topic "o" with 2 partitions
    And application "m" is the reference "group-consumer" in group "g" reading "o"
    When application "m" is started
    Then within 500ms no partition of "o" had two owners in group "g"

  Scenario: WRONG nothing was revoked of a member that is alone
    Given topic "o" with 2 partitions
    And application "m" is the reference "group-consumer" in group "g" reading "o"
    When application "m" is started
    Then within 500ms only partitions of "o" that moved were revoked in group "g"

  Scenario: RIGHT two members share the partitions
    Given topic "o" with 2 partitions
    And application "m" is the reference "group-consumer" in group "g" reading "o"
    And application "n" is the reference "group-consumer" in group "g" reading "o"
    When within 10s "m" owns 1 partition of "o"
    Then no partition of "o" had two owners in group "g"
    And only partitions of "o" that moved were revoked in group "g"
