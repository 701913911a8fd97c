@any-cluster
Feature: Neighbours of what shows nothing
  Each holds, or seems to, though what it speaks of is not there or nothing happened to it.

  Scenario: WRONG database slow and nobody asks it
    Given topic "o" with 1 partition
    And the database has run "CREATE TABLE t (id INT)"
    And the database is slow by 50ms
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    When the record "{}" is sent to "o"
    And "w" has caught up with "o"
    Then "o" contains exactly 1 record

  Scenario: WRONG database stopped and nobody asks it
    Given topic "o" with 1 partition
    And the database is stopped
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    When the record "{}" is sent to "o"
    And "w" has caught up with "o"
    Then "o" contains exactly 1 record

  Scenario: WRONG schema registry down and nobody asks it
    Given topic "o" with 1 partition
    And the schema registry is down
    When the record "{}" is sent to "o"
    Then "o" contains exactly 1 record

  Scenario: WRONG contains only of an empty topic
    Given topic "o" with 1 partition
    Then for 100ms "o" contains only:
      | value |
      | x     |

  Scenario: WRONG no record is like in nested
    Given topic "o" with 1 partition
    And these records are in "o":
      | key | value |
      | u1  | {"order": {"amount": -5}} |
    Then within 500ms no record of "o" is like:
      | value.order.amuont |
      | -5           |

  Scenario: WRONG no record is like regex of misspelt nested field
    Given topic "o" with 1 partition
    And these records are in "o":
      | key | value |
      | u1  | {"order": {"amount": -5}} |
    Then within 500ms no record of "o" is like:
      | value.ordr.amount | key |
      | -5           | u1 |

  Scenario Outline: WRONG outline <field>
    Given topic "o" with 1 partition
    And these records are in "o":
      | key | value |
      | u1  | {"amount": -5, "user": "a"} |
    Then within 500ms no record of "o" is like:
      | value.<field> |
      | <value>  |
    Examples:
      | field | value |
      | usr   | a     |
      | Amount | -5   |

  Scenario: WRONG doc string no record like misspelt
    Given topic "o" with 1 partition
    And these records are in "o":
      | key | value |
      | u1  | {"amount": -5, "user": "a"} |
    Then within 500ms no record of "o" is like:
      """
      - value: {amuont: -5}
      """

  Scenario: WRONG said a thing before a restart
    Given topic "o" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    When the record "{}" is sent to "o"
    And "w" has processed at least 1 record
    And application "w" is restarted
    Then within 500ms "w" has processed at least 1 record

  Scenario: WRONG has said before a restart
    Given topic "o" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    When the record "{}" is sent to "o"
    And "w" has said "msg=processed"
    And application "w" is restarted
    Then within 500ms "w" has said "msg=processed"

  Scenario: WRONG handover judge without handover
    Given topic "o" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    When the record "{}" is sent to "o"
    And "w" has caught up with "o"
    Then within 500ms every partition of "o" that was given up in group "g" was committed before

  Scenario: WRONG judge of owners' commits without handover, says "no partition was lost or given up"
    Given topic "o" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    When the record "{}" is sent to "o"
    And "w" has caught up with "o"
    Then within 500ms no partition of "o" was committed in group "g" by one that no longer owned it

  Scenario: WRONG new owner judge, nobody committed
    Given topic "o" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    When application "w" is started
    Then within 500ms each new owner in group "g" started where the group had committed on "o"

  Scenario: WRONG metrics misspelt
    Given topic "o" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    And application "m" is the reference "lag-monitor" watching group "g" on "o"
    When application "m" is started
    Then within 500ms "m" shows the metric "kafka_consumer_lagg" of "o" partition 0 as 0

  Scenario: WRONG exactly one row, table misspelt
    Given topic "o" with 1 partition
    And the database has run "CREATE TABLE t (id INT)"
    When the record "{}" is sent to "o"
    Then within 500ms every record of "o" has at most one row in table "tt"

  Scenario: WRONG table has 0 rows that nobody writes, misspelt
    Given topic "o" with 1 partition
    And the database has run "CREATE TABLE t (id INT)"
    When the record "{}" is sent to "o"
    Then within 500ms the table "tt" has 0 rows

  Scenario: WRONG at most one row of no records
    Given topic "o" with 1 partition
    And the database has run "CREATE TABLE t (topic TEXT, partition INT, record_offset BIGINT, id INT)"
    When the day is 2026-01-01
    Then within 500ms every record of "o" has at most one row in table "t"

  Scenario: WRONG no two dead letters where there is none
    Given topic "o" with 1 partition
    And topic "o_dlq" with 1 partition
    When the record "{}" is sent to "o"
    Then within 500ms no record of "o" has two dead letters in "o_dlq"

  Scenario: WRONG field misspelt runs from 0 to -1
    Given topic "o" with 1 partition
    When the record "{\"seq\": 1}" is sent to "o"
    Then within 500ms field "seqq" of "o" runs from 0 to -1, each exactly once

  Scenario: WRONG by a field that nothing has
    Given topic "o" with 1 partition
    And topic "p" with 1 partition
    And topic "q" with 1 partition
    When the record "{\"seq\": 1}" is sent to "o"
    And the record "{\"seq\": 1}" is sent to "p"
    Then within 500ms every record of "o" has exactly one result in "p" or "q", by "sequence"

  Scenario: WRONG in the same order by misspelt field
    Given topic "o" with 1 partition
    And topic "p" with 1 partition
    And these records are in "o":
      | key | value |
      | u1  | {"n": 1} |
      | u1  | {"n": 2} |
    And these records are in "p":
      | key | value |
      | u1  | {"n": 2} |
      | u1  | {"n": 1} |
    Then within 500ms the records of "o" are in "p" in the same order per key, by "nn"

  Scenario: WRONG retried 0 times of one that never read
    Given topic "o" with 1 partition
    And application "w" is the command "sh -c 'sleep 20'" writing "o"
    When application "w" is started
    Then for 200ms "w" retried exactly 0 times

  Scenario: WRONG said misspelt exactly 0 of silent application
    Given topic "o" with 1 partition
    And application "w" is the command "sh -c 'sleep 20'" writing "o"
    When application "w" is started
    Then for 200ms "w" said "error" exactly 0 times

  Scenario: WRONG processed exactly 0 of a silent command
    Given topic "o" with 1 partition
    And application "w" is the command "sh -c 'echo hello; sleep 20'" writing "o"
    When application "w" is started
    Then for 200ms "w" processed exactly 0 records

  Scenario: WRONG revoked 0 partitions, one that has never joined
    Given topic "o" with 1 partition
    And application "w" is the command "sh -c 'sleep 20'" in group "g" reading "o"
    When application "w" is killed
    Then for 100ms "w" was revoked 0 partitions of "o"

  Scenario: WRONG owns 0 partitions in another's
    Given topic "o" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    Then for 100ms group "g" has 0 members

  Scenario: WRONG every record processed exactly once of no records
    Given topic "o" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    When application "w" is started
    Then within 500ms every record of "o" was processed in group "g" exactly once

  Scenario: WRONG no commits ahead, no commits
    Given topic "o" with 1 partition
    And topic "d" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    When application "w" is started
    Then within 500ms "w" committed no offset of "o" ahead of its work, with dead letters in "d"

  Scenario: WRONG copy of nothing
    Given topic "o" with 1 partition
    And topic "p" with 1 partition
    Then within 300ms every record of "o" is in "p" exactly once

  Scenario: WRONG default partitioner without keys
    Given topic "o" with 3 partitions
    And 5 records are in "o" partition 1
    Then within 300ms every key of "o" is on the partition of Kafka's default partitioner

  Scenario: WRONG idempotent writes of one that wrote nothing
    Given topic "o" with 1 partition
    And application "w" is the command "sh -c 'sleep 20'" writing "o"
    When application "w" is started
    Then within 300ms the writes of "w" to "o" are idempotent

  Scenario: WRONG fault on a topic that the application never touches
    Given topic "o" with 1 partition
    And topic "p" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    And the next 1 Produce request from "w" fails with NOT_ENOUGH_REPLICAS
    When the record "{}" is sent to "o"
    Then "w" has caught up with "o"

  Scenario: WRONG as many acknowledged records as topic holds of nothing
    Given topic "o" with 1 partition
    And application "w" is the command "sh -c 'sleep 20'" writing "o"
    When application "w" is started
    Then within 300ms "w" reported as many acknowledged records as "o" holds

  Scenario: WRONG left the group, that it never joined
    Given topic "o" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    And application "x" is the reference "group-consumer" in group "h" reading "o"
    When application "w" is started
    And application "w" is stopped
    Then within 300ms "w" left group "h"

  Scenario: WRONG two rows, the second misspelt
    Given topic "o" with 1 partition
    And these records are in "o":
      | key | value |
      | u1  | {"amount": 5} |
    Then within 500ms no record of "o" is like:
      """
      - value: {amount: -5}
      - value: {amuont: -6}
      """

  Scenario: WRONG values are text, fields expected
    Given topic "o" with 1 partition
    And these records are in "o":
      | key | value |
      | u1  | amount=-5 |
    Then within 500ms no record of "o" is like:
      | value.amount |
      | -5           |

  Scenario: WRONG a partition that the topic does not have
    Given topic "o" with 1 partition
    And these records are in "o":
      | key | value |
      | u1  | {"amount": 5} |
    Then within 500ms no record of "o" is like:
      | partition |
      | 3         |

  Scenario: WRONG misspelt field in decoded
    Given topic "o" with 1 partition
    And schema "user-v1" is registered for "o"
    When these records are sent to "o" encoded by schema "user-v1":
      | value.id | value.age |
      | u1       | 30        |
    Then within 500ms no record of "o" is like:
      | value.aeg |
      | 30        |

  Scenario: WRONG registry has been asked before
    Given topic "o" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    When the record "{}" is sent to "o"
    Then within 300ms the schema registry has been asked

  Scenario: WRONG alerts of a partition not in trouble
    Given topic "o" with 2 partitions
    And application "m" is the reference "lag-monitor" watching group "g" on "o"
      | threshold | 3    |
      | poll      | 20ms |
    When 1 record is sent to "o" partition 0
    Then within 300ms the alerts of "m" follow the lag of group "g" on "o" over 3

  Scenario: WRONG 0 alerts of a monitor that says nothing
    Given topic "o" with 2 partitions
    And application "m" is the command "sh -c 'sleep 30'" watching group "g" on "o"
    When application "m" is started
    And 10 records are sent to "o" partition 0
    Then within 300ms "m" raised exactly 0 alerts for "o" partition 0

  Scenario: WRONG declared after, started after the Then
    Given topic "o" with 1 partition
    When the record "{}" is sent to "o"
    Given application "s" is the reference "group-consumer" in group "shipping" reading "o"
    Then for 300ms group "shipping" has committed nothing of "o"
    When application "s" is started

  Scenario: WRONG a variable that is empty
    Given topic "o" with 1 partition
    And variable "nothing" is ""
    And application "w" is the command "sh -c 'echo hello'" writing "o"
    When application "w" is started
    Then within 500ms "w" has said "${nothing}"

  Scenario: WRONG fails with nothing
    Given topic "o" with 1 partition
    And variable "nothing" is ""
    And application "w" is the command "sh -c 'echo hello; exit 3'" writing "o"
    When application "w" is started
    Then application "w" fails with "${nothing}"

  Scenario: WRONG calls itself nothing
    Given topic "o" with 1 partition
    And variable "nothing" is ""
    And application "w" is the reference "group-consumer" in group "shipping" reading "o"
    When application "w" is started
    Then the client of "w" calls itself "${nothing}"

  Scenario: WRONG table with no columns of it
    Given topic "o" with 1 partition
    And the database has run "CREATE TABLE t (id INT)"
    Then within 300ms the table "t" contains exactly:
      | idd |

  Scenario: WRONG shows metric NaN
    Given topic "o" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    And application "m" is the reference "lag-monitor" watching group "g" on "o"
    When application "m" is started
    Then within 300ms "m" shows the metric "kafka_consumer_lag" of "o" partition 0 as 0.0000001

  Scenario: WRONG no result of a day that is not
    Given topic "o" with 1 partition
    And topic "p" with 1 partition
    And topic "q" with 1 partition
    Then within 300ms every record of "o" has exactly one result in "p" or "q", by "id"

  Scenario: WRONG processed before a kill counts for the wait after a restart
    Given topic "o" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
      | session-timeout    | 1s    |
      | heartbeat-interval | 100ms |
    When the record "{}" is sent to "o"
    And "w" has caught up with "o"
    And application "w" is killed
    And application "w" is restarted
    Then within 500ms "w" has processed at least 1 record

  Scenario: WRONG fault fired after all was judged
    Given topic "o" with 1 partition
    And topic "p" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    And every Fetch request from "w" to "p" is delayed by 10ms
    When the record "{}" is sent to "o"
    Then "w" has caught up with "o"

  Scenario: WRONG spread evenly of one key
    Given topic "o" with 2 partitions
    And these records are in "o":
      | key | value | partition |
      | a   | 1     | 0         |
    Then within 300ms the keys of "o" are spread evenly, with a chi-square p of at least 0.01

  Scenario: WRONG busiest of an empty topic
    Given topic "o" with 2 partitions
    Then within 300ms the busiest partition of "o" has at most 10% more than the mean

  Scenario: WRONG same order with one record per key
    Given topic "o" with 1 partition
    And topic "p" with 1 partition
    And these records are in "o":
      | key | value |
      | a   | 1     |
    And these records are in "p":
      | key | value |
      | a   | 1     |
    Then within 300ms the records of "o" are in "p" in the same order per key

  Scenario: RIGHT keys on several partitions, enough of them
    Given topic "o" with 2 partitions
    And topic "p" with 2 partitions
    And 500 records from generator "orders" are in "o"
    And 500 records from generator "orders" are in "p"
    Then every key of "o" is on the partition of Kafka's default partitioner
    And the records of "o" are in "p" in the same order per key

  Scenario: WRONG a topic against itself, says "is held against itself"
    Given topic "o" with 2 partitions
    And 500 records from generator "orders" are in "o"
    Then the records of "o" are in "o" in the same order per key

  Scenario: RIGHT has processed one more since it was restarted
    Given topic "o" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    When the record "{}" is sent to "o"
    And "w" has processed at least 1 record
    And application "w" is restarted
    And the record "{}" is sent to "o"
    Then "w" has processed at least 2 records
    And "w" has said "msg=processed"

  Scenario Outline: WRONG refused, as it shows nothing: <claim>
    Given topic "o" with 1 partition
    And topic "p" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    When the record "{}" is sent to "o"
    And "w" has caught up with "o"
    Then within 300ms <claim>

    Examples:
      | claim                                                                 |
      | group "g" has committed nothing of "p"                                |
      | group "g" has no lag on "p"                                           |
      | "w" owns 0 partitions of "p"                                          |
      | the busiest partition of "o" has at most 10% more than the mean       |
      | the idlest partition of "o" has at most 10% less than the mean        |
      | every key of "o" is on the partition of Kafka's default partitioner   |
      | the keys of "o" are on the same partitions as in "p"                  |
      | group "h" has 0 members                                               |

  Scenario Outline: WRONG <what>, which no record ever had
    Given topic "o" with 1 partition
    And these records are in "o":
      | key       | value                                                            | headers.trace | headers.meta |
      | {"id": 1} | {"amount": 5, "address": {"city": "Rome"}, "items": [{"sku": 1}]} | a             | {"by": "x"}  |
    Then within 300ms "o" contains exactly:
      """
      - <column>: <pattern>
      """

    Examples:
      | what                        | column  | pattern                              |
      | an absent field             | value   | {amuont: <absent>}                   |
      | an absent nested field      | value   | {address: {citty: <absent>}}         |
      | a field of an absent one    | value   | {adress: {city: <absent>}}           |
      | an absent field of elements | value   | {items: [{sku: 1, skuu: <absent>}]}  |
      | an absent header            | headers | {trase: <absent>}                    |
      | an absent field of a key    | key     | {id: 1, idd: <absent>}               |

  Scenario Outline: WRONG no record has <what>, which no record ever had
    Given topic "o" with 1 partition
    And these records are in "o":
      | key       | value                                         | headers.trace |
      | {"id": 1} | {"amount": 5, "address": {"city": "Rome"}}    | a             |
    Then within 300ms no record of "o" is like:
      """
      - <column>: <pattern>
      """

    Examples:
      | what                     | column  | pattern                   |
      | a field                  | value   | {amuont: <any>}           |
      | a nested field           | value   | {address: {citty: <any>}} |
      | a header                 | headers | {trase: <any>}            |
      | a field of a key         | key     | {idd: <any>}              |
      | a field of a key, by 5   | key     | {idd: 5}                  |

  Scenario Outline: RIGHT <what>, which a record of another topic has
    Given topic "o" with 1 partition
    And topic "in" with 1 partition
    And these records are in "in":
      | value                                | headers.trace |
      | {"ssn": 1, "address": {"zip": 1234}} | a             |
    And these records are in "o":
      | value                                      |
      | {"amount": 5, "address": {"city": "Rome"}} |
    Then "o" contains exactly:
      """
      - <column>: <absent>
      """
    And no record of "o" is like:
      """
      - <column>: <any>
      """

    Examples:
      | what           | column  | absent                     | any                     |
      | a field        | value   | {ssn: <absent>}            | {ssn: <any>}            |
      | a nested field | value   | {address: {zip: <absent>}} | {address: {zip: <any>}} |
      | a header       | headers | {trace: <absent>}          | {trace: <any>}          |

  Scenario: RIGHT a record with the field, which was deleted
    Given topic "o" with 1 partition
    And these records are in "o":
      | value      |
      | {"ssn": 1} |
      | {"id": 1}  |
    When the records of "o" partition 0 before offset 1 are deleted
    Then no record of "o" is like:
      | value.ssn |
      | 1         |
    And "o" contains exactly:
      | value.id | value.ssn |
      | 1        | <absent>  |

  Scenario Outline: WRONG <claim>, with no rebalance
    Given topic "o" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    When the record "{}" is sent to "o"
    And "w" has caught up with "o"
    Then within 300ms <claim>

    Examples:
      | claim                                     |
      | "w" lost 0 partitions of "o"              |
      | "w" lost no partitions of "o"             |
      | "w" lost at most 2 partitions of "o"      |
      | "w" was revoked 0 partitions of "o"       |
      | "w" was revoked at most 2 partitions of "o" |

  Scenario: WRONG lost none, restarted, with no rebalance in between
    Given topic "o" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    When "w" owns 1 partition of "o"
    And application "w" is restarted
    And "w" owns 1 partition of "o"
    Then within 300ms "w" lost 0 partitions of "o"

  Scenario: RIGHT lost none, as another member joined
    Given topic "o" with 2 partitions
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    And application "v" is the reference "group-consumer" in group "g" reading "o"
    When application "w" is started
    And "w" owns 2 partitions of "o"
    And application "v" is started
    And "v" owns 1 partition of "o"
    Then "w" lost no partitions of "o"
    And "w" was revoked at most 1 partition of "o"

  Scenario: RIGHT lost none, though it was cut off for a moment
    Given topic "o" with 1 partition
    And application "w" is the reference "group-consumer" in group "g" reading "o"
    When "w" owns 1 partition of "o"
    And application "w" is cut off from the cluster for 200ms
    And the record "{}" is sent to "o"
    And "w" has caught up with "o"
    Then "w" lost no partitions of "o"

  Scenario: WRONG no windows of nothing
    Given the day is 2026-01-05
    And topic "readings" with 1 partition
    And topic "readings_windows" with 1 partition
    And topic "readings_late" with 1 partition
    And topic "readings_changelog" with 1 partition
      | cleanup.policy | compact |
    And application "meter" is the reference "windower" in group "meter" reading "readings"
    When application "meter" is started
    Then for 100ms "readings_windows" holds no windows

  Scenario: WRONG no alert was cleared, of none that was raised
    Given topic "o" with 1 partition
    And application "m" is the reference "lag-monitor" watching group "g" on "o"
      | poll | 20ms |
    When the record "{}" is sent to "o"
    Then for 100ms "m" cleared no alerts for "o" partition 0
