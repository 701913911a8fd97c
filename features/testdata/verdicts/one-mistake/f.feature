@any-cluster
Feature: Applications with one mistake
  Each is right but for one thing, on a broker, and is caught by what names it.

  Scenario Outline: <verdict> reads, HOW=<how><says>
    Given topic "orders" with 1 partition
    And application "app" is the command "env HOW=<how> python3 one-mistake/app.py" in group "g" reading "orders"
    And the record "a" is in "orders"
    And the record "b" is in "orders"
    And the record "c" is in "orders"
    And the record "d" is in "orders"
    And the record "e" is in "orders"
    And the record "f" is in "orders"
    And the record "g" is in "orders"
    And the record "h" is in "orders"
    When application "app" is started
    And within 20s "app" has processed at least <n> records
    Then "app" read "orders" without skipping records or going back

    Examples:
      | verdict | how   | n  | says                       |
      | RIGHT   | fine  | 4  |                             |
      | WRONG   | skips | 4  | , says "poll skip"          |
      | WRONG   | again | 5  | , says "non-monotonic poll" |

  Scenario Outline: <verdict> works in the order of <how><says>
    Given topic "orders" with 1 partition
    And application "app" is the command "env HOW=<how> python3 one-mistake/app.py" in group "g" reading "orders"
    And these records are in "orders":
      | key | value |
      | u1  | a     |
      | u1  | b     |
      | u1  | c     |
    When application "app" is started
    And within 20s "app" has processed at least 3 records
    Then the records of "orders" were processed in group "g" in order per key
    And the records of "orders" were processed in group "g" in order per key, with repeats

    Examples:
      | verdict | how       | says                            |
      | RIGHT   | fine      |                                 |
      | WRONG   | backwards | , says "processed out of order" |

  Scenario Outline: <verdict> enriches in the order of <how><says>
    Given topic "orders" with 1 partition
    And topic "labels" with 1 partition
    And application "app" is the command "env HOW=<how> python3 one-mistake/app.py" in group "g" reading "orders" writing "labels"
    And these records are in "orders":
      | key | value    |
      | u1  | {"n": 1} |
      | u1  | {"n": 2} |
      | u1  | {"n": 3} |
    When application "app" is started
    And within 20s "app" has processed at least 3 records
    Then the records of "orders" are in "labels" in the same order per key, by "n"

    Examples:
      | verdict | how       | says               |
      | RIGHT   | fine      |                    |
      | WRONG   | backwards | , says "reordered" |

  Scenario Outline: <verdict> sets aside, HOW=<how><says>: <claim>
    Given topic "orders" with 1 partition
    And topic "returns" with 1 partition
    And topic "dlq" with 1 partition
    And application "app" is the command "env HOW=<how> python3 one-mistake/app.py" in group "g" reading "orders" and "returns" writing "dlq"
    And these records are in "orders":
      | key | value |
      | u1  | bad   |
    And these records are in "returns":
      | key | value |
      | u2  | bad   |
    When application "app" is started
    And within 20s "app" has caught up with "orders"
    And within 20s "app" has caught up with "returns"
    Then within 1s <claim>

    Examples:
      | verdict | how      | says                         | claim                                                                               |
      | RIGHT   | fine     |                              | every record of "orders" was either processed by "app" or is in "dlq", exactly once |
      | RIGHT   | fine     |                              | every record of "returns" was processed by "app" or is in "dlq", at least once      |
      | RIGHT   | fine     |                              | no record of "returns" has two dead letters in "dlq"                                |
      | RIGHT   | fine     |                              | "app" committed no offset of "orders" ahead of its work, with dead letters in "dlq" |
      | WRONG   | keyless  | , says "altered dead letter" | every record of "orders" was either processed by "app" or is in "dlq", exactly once |
      | WRONG   | altered  | , says "altered dead letter" | every record of "returns" was processed by "app" or is in "dlq", at least once      |
      | WRONG   | nameless | , says "dlq-source-topic"    | every record of "orders" was either processed by "app" or is in "dlq", exactly once |
      | WRONG   | source   | , says "returns partition 0" | every record of "returns" was processed by "app" or is in "dlq", at least once      |
      | WRONG   | source   | , says "holds two dead letters"    | no record of "orders" has two dead letters in "dlq"                                 |
      | WRONG   | nameless | , says "dlq-source-topic"    | "app" committed no offset of "orders" ahead of its work, with dead letters in "dlq" |

  Scenario Outline: <verdict> an answer that is late, HOW=<how><says>
    Given topic "events" with 1 partition
    And application "app" is the command "env HOW=<how> python3 one-mistake/app.py" writing "events"
    And the next Produce request from "app" is delayed by 4s
    When within 30s application "app" has finished
    Then the writes of "app" to "events" are idempotent

    Examples:
      | verdict | how     | says                          |
      | RIGHT   | waits   |                               |
      | WRONG   | resends | , says "sent again as new" |

  Scenario Outline: <verdict> a topic that it writes, HOW=<how><says>
    Given topic "orders" with 1 partition
    And topic "parcels" with 1 partition
    And application "app" is the command "env HOW=<how> python3 one-mistake/app.py" writing "orders" and "parcels"
    When within 30s application "app" has finished
    Then within 1s <claim>

    Examples:
      | verdict | how      | says                          | claim                                                    |
      | RIGHT   | careful  |                               | no acknowledged record of "parcels" was lost or replaced |
      | RIGHT   | careful  |                               | no transaction of "app" is torn                          |
      | WRONG   | loses    | , says "lost write"           | no acknowledged record of "parcels" was lost or replaced |
      | WRONG   | replaces | , says "inconsistent offset"  | no acknowledged record of "parcels" was lost or replaced |
      | WRONG   | loses    | , says "torn transaction"     | no transaction of "app" is torn                          |

  Scenario Outline: <verdict> killed while it writes, HOW=<how><says>
    Given topic "events" with 1 partition
    And topic "marks" with 1 partition
    And application "app" is the command "env HOW=<how> python3 one-mistake/app.py" writing "events" and "marks"
    And every Produce request from "app" to "events" is held
    When application "app" is started
    And a request is held
    And application "app" is killed
    And the held requests are released
    And application "app" is restarted
    And within 30s application "app" has finished
    Then within 1s "events" contains exactly 1 record

    Examples:
      | verdict | how         | says                                       |
      | RIGHT   | marks-last  |                                            |
      | WRONG   | marks-first | , says "got 0 records, want exactly 1"      |
