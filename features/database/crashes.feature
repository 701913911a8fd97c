Feature: What a crash leaves in a database
  At most once loses rows, at least once repeats them, and exactly once does neither, because the offset is in the
  transaction of the rows.

  Background:
    Given topic "orders" with 3 partitions

  Scenario Outline: A crash before the rows are written, with <mode>, leaves <verdict>
    Given application "writer" is the reference "db-writer" in group "writers" reading "orders"
      | mode            | <mode> |
      | batch           | 20     |
      | retry-backoff   | 20ms   |
      | session-timeout | 1s     |
    When application "writer" is started
    And 50 records from generator "orders" are sent to "orders"
    Then once "writer" has caught up, the table "records" has 50 rows
    When the database is stopped
    And 50 records from generator "orders" are sent to "orders"
    Then "writer" said "msg=retrying" at least 5 times
    When application "writer" is killed
    And the database is started
    And application "writer" is restarted
    Then once "writer" has caught up, the verdict on "orders" in table "records" is "<verdict>"

    Examples:
      | mode          | verdict                   |
      | at-most-once  | lost                      |
      | at-least-once | neither lost nor repeated |
      | exactly-once  | neither lost nor repeated |

  Scenario Outline: A crash during the commit, with <mode>, leaves <verdict>
    Given application "writer" is the reference "db-writer" in group "writers" reading "orders"
      | mode            | <mode> |
      | session-timeout | 1s     |
    And the next OffsetCommit request from "writer" is held
    When application "writer" is started
    And 50 records from generator "orders" are sent to "orders"
    Then a request is held
    When application "writer" is killed
    And application "writer" is restarted
    Then once "writer" has caught up, the verdict on "orders" in table "records" is "<verdict>"

    Examples:
      | mode          | verdict                   |
      | at-most-once  | neither lost nor repeated |
      | at-least-once | repeated                  |
      | exactly-once  | neither lost nor repeated |

  Scenario Outline: A crash when all is written and committed, with <mode>, leaves neither lost nor repeated
    Given application "writer" is the reference "db-writer" in group "writers" reading "orders"
      | mode            | <mode> |
      | batch           | 20     |
      | session-timeout | 1s     |
    And 50 records from generator "orders" are in "orders"
    Then once "writer" has caught up, the table "records" has 50 rows
    When application "writer" is killed
    And 50 records from generator "orders" are sent to "orders"
    And application "writer" is restarted
    Then once "writer" has caught up, the verdict on "orders" in table "records" is "neither lost nor repeated"

    Examples:
      | mode          |
      | at-most-once  |
      | at-least-once |
      | exactly-once  |

  Scenario: After a crash, rows and offsets agree
    Given application "writer" is the reference "db-writer" in group "writers" reading "orders"
      | batch           | 20 |
      | session-timeout | 1s |
    And the next OffsetCommit request from "writer" after the first 2 is held
    And 200 records from generator "orders" are in "orders"
    When application "writer" is started
    Then a request is held
    When application "writer" is killed
    And application "writer" is restarted
    Then once "writer" has caught up, every record of "orders" has exactly one row in table "records"
    And the rows in table "records" and the offsets of group "writers" agree on "orders"
