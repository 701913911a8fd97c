Feature: Owners of partitions in a database
  The database knows who owns a partition, by an epoch. Who has not its epoch writes nothing.

  Background:
    Given topic "orders" with 2 partitions
    And application "writer" is the reference "db-writer" in group "writers" reading "orders"

  Scenario: An owner that another has followed writes nothing before it has asked where to go on
    Given 1 record is in "orders" partition 0
    And 1 record is in "orders" partition 1
    When "writer" has caught up with "orders"
    And the database has run "UPDATE consumer_offsets SET epoch = epoch + 1 WHERE \"partition\" = 0"
    And 1 record is sent to "orders" partition 0
    Then "writer" has said "fenced"
    And every record of "orders" has exactly one row in table "records"

  Scenario: Of one round, only the partition of another owner is left out
    When these records are sent to "orders":
      | partition | value |
      | 0         | a     |
      | 1         | b     |
    And "writer" has caught up with "orders"
    And the database has run "UPDATE consumer_offsets SET epoch = epoch + 1 WHERE \"partition\" = 0"
    And the database is stopped
    And these records are sent to "orders":
      | partition | value |
      | 0         | c     |
      | 1         | d     |
    And the database is started
    Then "writer" has said "fenced"
    And every record of "orders" has exactly one row in table "records"

  Scenario: Rows that are refused leave nothing behind
    Given variable "columns" is "source_topic TEXT, source_partition INTEGER, source_offset BIGINT, \"key\" TEXT"
    And the database has run "CREATE TABLE records (${columns}, value TEXT CHECK (value <> 'bad'))"
    When the record "bad" is sent to "orders"
    Then application "writer" fails with "to table records"
    And the table "records" has 0 rows
    And the table "consumer_offsets" contains exactly:
      | partition | next_offset |
      | 0         | -1          |
      | 1         | -1          |

  Scenario: Records of an aborted transaction have no rows
    When a transaction with 3 records in "orders" partition 0 is open
    And the open transaction is aborted
    And 1 record is sent to "orders" partition 0
    And "writer" has caught up with "orders"
    Then the table "records" has 1 row
