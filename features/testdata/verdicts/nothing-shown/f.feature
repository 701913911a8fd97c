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

  Scenario Outline: WRONG a field that no record has: <expectation>: says "no record of orders has the <kind>; did you mean <meant>?"
    Given topic "orders" with 1 partition
    And topic "out" with 1 partition
    And topic "users" with 1 partition
    And topic "none" with 1 partition
    And these records are in "orders":
      | key | value    | headers.trace |
      | u1  | {"id":1} | a             |
      | u1  | {"id":2} | b             |
    And these records are in "out":
      | key | value            | headers.trace |
      | u1  | {"id":1,"n":"x"} | a             |
    And an HTTP service "payments"
    When the HTTP service "payments" is asked 2 times POST "/payments/${number}"
    Then within 500ms <expectation>

    Examples:
      | expectation                                                                               | kind                 | meant         |
      | every record of "orders" caused exactly one request to "payments", by "idd"               | field idd            | id            |
      | every record of "orders" caused at most one request to "payments", by "idd" in "path"     | field idd            | id            |
      | the requests to "payments" come in the order of the records of "orders", by "idd" in "/payments/*" | field idd   | id            |
      | every record of "orders" has exactly one reply in "out", by "headers.trase"               | header headers.trase | headers.trace |
      | every record of "orders" has exactly one result in "out" or "none", by "value.idd"        | field value.idd      | value.id      |
      | the records of "orders" are in "out" in the same order per key, by "idd"                  | field idd            | id            |
      | "out" holds the join of "orders" with "users" as "n", by "idd", and "none" what found no match | field idd       | id            |

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
