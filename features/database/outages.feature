Feature: A database that fails
  Nothing is committed while the database cannot be had, and nothing is skipped.

  Background:
    Given topic "orders" with 3 partitions

  Scenario: Nothing is committed or skipped while the database is down
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
    And the rows in table "records" and the offsets of group "writers" agree on "orders"

  Scenario: A slow database makes the application slow, and nothing else
    Given application "writer" is the reference "db-writer" in group "writers" reading "orders"
      | batch | 20 |
    When application "writer" is started
    And the database is slow by 20ms
    And 100 records from generator "orders" are sent to "orders"
    Then within 60s every record of "orders" has exactly one row in table "records"
    When the database is started
    Then once "writer" has caught up, the rows in table "records" and the offsets of group "writers" agree on "orders"

  Scenario: A row that the database refuses ends the application
    Given topic "payments" with 1 partition
    And variable "columns" is "source_topic TEXT, source_partition INTEGER, source_offset BIGINT, \"key\" TEXT"
    And the database has run "CREATE TABLE records (${columns}, value TEXT CHECK (value <> 'refused'))"
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
