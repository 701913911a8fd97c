Feature: Rows of a database
  Each record has its row in the database.

  Background:
    Given topic "orders" with 3 partitions

  Scenario Outline: Each record has its row while nothing goes wrong: <mode>
    Given application "writer" is the reference "db-writer" in group "writers" reading "orders"
      | mode  | <mode> |
      | batch | 50     |
    And 500 records from generator "orders" are in "orders"
    Then every record of "orders" has exactly one row in table "records"
    And once "writer" has caught up, the verdict on "orders" in table "records" is "neither lost nor repeated"

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

  Scenario: An owner that leaves hands over where its rows end
    Given application "first" is the reference "db-writer" in group "writers" reading "orders"
      | batch           | 10 |
      | session-timeout | 3s |
    And application "second" is the reference "db-writer" in group "writers" reading "orders"
      | batch           | 10 |
      | session-timeout | 3s |
    And 150 records from generator "orders" are in "orders"
    When application "first" is started
    And application "second" is started
    And 150 records from generator "orders" are sent to "orders"
    And application "first" is stopped
    Then once "second" has caught up, every record of "orders" has exactly one row in table "records"
    And the rows in table "records" and the offsets of group "writers" agree on "orders"

  Scenario Outline: A commit that the group refuses, as it goes on to another generation, costs no row: <mode>
    Given application "writer" is the reference "db-writer" in group "writers" reading "orders"
      | mode | <mode> |
    And the next OffsetCommit request from "writer" fails with REBALANCE_IN_PROGRESS
    When application "writer" is started
    And 50 records from generator "orders" are sent to "orders"
    Then once "writer" has caught up, the verdict on "orders" in table "records" is "neither lost nor repeated"

    Examples:
      | mode          |
      | at-most-once  |
      | at-least-once |
      | exactly-once  |

  Scenario: A commit that is refused for one partition is repeated for that one alone
    Given application "writer" is the reference "db-writer" in group "writers" reading "orders"
      | mode | at-most-once |
    And the next OffsetCommit request from "writer" to "orders" partition 1 fails with REBALANCE_IN_PROGRESS
    When application "writer" is started
    And 50 records from generator "orders" are sent to "orders"
    Then once "writer" has caught up, the verdict on "orders" in table "records" is "neither lost nor repeated"
