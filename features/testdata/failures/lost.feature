Feature: Lost
  The application commits offsets before the rows of their records are in the database.

  Scenario: A crash loses no record
    Given topic "orders" with 3 partitions
    And application "writer" is the reference "wrong/db-commit-before-write" in group "writers" reading "orders"
      | mode            | at-least-once |
      | batch           | 20            |
      | retry-backoff   | 20ms          |
      | session-timeout | 1s            |
    When application "writer" is started
    And 50 records from generator "orders" are sent to "orders"
    Then once "writer" has caught up, the table "records" has 50 rows
    When the database is stopped
    And 50 records from generator "orders" are sent to "orders" partition 1
    And "writer" has said "msg=retrying"
    And application "writer" is killed
    And the database is started
    And application "writer" is restarted
    Then once "writer" has caught up, every record of "orders" has at least one row in table "records"
