Feature: Exactly once into a database
  What a crash leaves behind depends on where the offset is kept, and on the order in which rows are written and offsets committed. At most once
  loses rows, at least once repeats them, and exactly once does neither, because the offset is in the transaction of the rows.

  Background:
    Given topic "orders" with 3 partitions

  Scenario Outline: Each record has its row while nothing goes wrong: <mode>
    Given application "writer" is the reference "db-writer" in group "writers" reading "orders"
      | mode  | <mode> |
      | batch | 50     |
    And 500 records from generator "orders" are in "orders"
    Then every record of "orders" has exactly one row in table "records"
    And once "writer" has caught up, the verdict on "orders" in table "records" is "neither"

    Examples:
      | mode          |
      | at-most-once  |
      | at-least-once |
      | exactly-once  |

  Scenario: A row holds the record
    Given topic "payments" with 1 partition
    And application "writer" is the reference "db-writer" in group "writers" reading "payments"
      | table | payments |
    And these records are in "payments":
      | key | value         |
      | u1  | {"amount": 5} |
      | u2  | it's 7 €      |
      | u1  | null          |
    Then the table "payments" contains exactly:
      | source_topic | source_partition | source_offset | key | value         |
      | payments     | 0                | 0             | u1  | {"amount": 5} |
      | payments     | 0                | 1             | u2  | it's 7 €      |
      | payments     | 0                | 2             | u1  | null          |

  Scenario Outline: A crash <point> with <mode> leaves <verdict>
    Given application "writer" is the reference "db-writer" in group "writers" reading "orders"
      | mode               | <mode>  |
      | batch              | 20      |
      | crash-at           | <point> |
      | crash-batch        | 2       |
      | session-timeout    | 1s      |
      | heartbeat-interval | 100ms   |
    And 100 records from generator "orders" are in "orders"
    When application "writer" is started
    Then application "writer" has been killed
    When application "writer" is restarted
    Then once "writer" has caught up, the verdict on "orders" in table "records" is "<verdict>"

    Examples:
      | mode          | point        | verdict  |
      | at-most-once  | before-write | lost     |
      | at-most-once  | after-write  | neither  |
      | at-most-once  | after-commit | lost     |
      | at-least-once | before-write | neither  |
      | at-least-once | after-write  | repeated |
      | at-least-once | after-commit | neither  |
      | exactly-once  | before-write | neither  |
      | exactly-once  | after-write  | neither  |
      | exactly-once  | after-commit | neither  |

  Scenario Outline: A crash while the commit is on its way, with <mode>, leaves <verdict>
    Given application "writer" is the reference "db-writer" in group "writers" reading "orders"
      | mode               | <mode> |
      | session-timeout    | 1s     |
      | heartbeat-interval | 100ms  |
    And the next 1 OffsetCommit request from "writer" is held
    When application "writer" is started
    And 50 records from generator "orders" are sent to "orders"
    Then a request is held
    When application "writer" is killed
    And application "writer" is restarted
    Then once "writer" has caught up, the verdict on "orders" in table "records" is "<verdict>"

    Examples:
      | mode          | verdict  |
      | at-least-once | repeated |
      | exactly-once  | neither  |

  Scenario: After a crash and a restart, the rows, the database's offsets and the group's agree
    Given application "writer" is the reference "db-writer" in group "writers" reading "orders"
      | batch              | 20          |
      | crash-at           | after-write |
      | crash-batch        | 3           |
      | session-timeout    | 1s          |
      | heartbeat-interval | 100ms       |
    And 200 records from generator "orders" are in "orders"
    When application "writer" is started
    Then application "writer" has been killed
    When application "writer" is restarted
    Then once "writer" has caught up, every record of "orders" has exactly one row in table "records"
    And the rows in table "records", the offsets in the database and the committed offsets of group "writers" agree on "orders"

  Scenario: A zombie that wakes up after its partitions were given to another cannot write
    Given topic "payments" with 1 partition
    And application "first" is the reference "db-writer" in group "writers" reading "payments"
      | session-timeout    | 1s    |
      | rebalance-timeout  | 2s    |
      | heartbeat-interval | 100ms |
      | retry-backoff      | 20ms  |
      | retry-backoff-max  | 50ms  |
    And application "second" is the reference "db-writer" in group "writers" reading "payments"
      | session-timeout    | 1s    |
      | rebalance-timeout  | 2s    |
      | heartbeat-interval | 100ms |
    When application "first" is started
    And 10 records are sent to "payments" partition 0
    And "first" has caught up with "payments"
    And the database is stopped
    And 50 records are sent to "payments" partition 0
    And "first" has said "msg=retrying"
    And application "first" is paused
    And the database is started
    And application "second" is started
    Then every record of "payments" has exactly one row in table "records"
    When application "first" is resumed
    Then "first" has said "fenced"
    And for 2s every record of "payments" has exactly one row in table "records"
    And the rows in table "records", the offsets in the database and the committed offsets of group "writers" agree on "payments"

  Scenario: Nothing is committed while the database cannot be had, and nothing is skipped
    Given application "writer" is the reference "db-writer" in group "writers" reading "orders"
      | retry-backoff     | 20ms  |
      | retry-backoff-max | 100ms |
    When application "writer" is started
    And 20 records are sent to "orders" partition 0
    And "writer" has caught up with "orders"
    And the database is stopped
    And 200 records are sent to "orders" partition 0
    And "writer" has said "msg=retrying"
    Then for 1s group "writers" has committed offset 20 of "orders" partition 0
    When the database is started
    Then once "writer" has caught up, every record of "orders" has exactly one row in table "records"
    And the rows in table "records", the offsets in the database and the committed offsets of group "writers" agree on "orders"

  Scenario: A slow database makes the application slow, and nothing else
    Given application "writer" is the reference "db-writer" in group "writers" reading "orders"
      | batch | 20 |
    When application "writer" is started
    And the database is slow by 20ms
    And 100 records from generator "orders" are sent to "orders"
    Then within 60s every record of "orders" has exactly one row in table "records"
    When the database is started
    Then once "writer" has caught up, the rows in table "records", the offsets in the database and the committed offsets of group "writers" agree on "orders"

  Scenario: A row that the database refuses ends the application, and the rest waits for a person
    Given topic "payments" with 1 partition
    And the database has run "CREATE TABLE records (source_topic TEXT, source_partition INTEGER, source_offset BIGINT, key TEXT, value TEXT CHECK (value <> 'refused'))"
    And application "writer" is the reference "db-writer" in group "writers" reading "payments"
    When application "writer" is started
    And the record "fine" is sent to "payments"
    Then group "writers" has committed offset 1 of "payments" partition 0
    When the record "refused" is sent to "payments"
    And the record "also fine" is sent to "payments"
    Then application "writer" fails with "offset 1"
    And application "writer" fails with "correct what it complains of, then start again"
    And the table "records" contains exactly:
      | source_offset | value |
      | 0             | fine  |
    And group "writers" has committed offset 1 of "payments" partition 0

  Scenario: An owner that leaves hands over where its rows end
    Given application "first" is the reference "db-writer" in group "writers" reading "orders"
      | batch              | 10    |
      | heartbeat-interval | 100ms |
    And application "second" is the reference "db-writer" in group "writers" reading "orders"
      | batch              | 10    |
      | heartbeat-interval | 100ms |
    And 300 records from generator "orders" are in "orders"
    When application "first" is started
    And application "second" is started
    And 300 records from generator "orders" are sent to "orders"
    And application "first" is stopped
    Then once "second" has caught up, every record of "orders" has exactly one row in table "records"
    And the rows in table "records", the offsets in the database and the committed offsets of group "writers" agree on "orders"
