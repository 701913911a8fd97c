Feature: What a crash leaves in a database
  At most once loses rows, at least once repeats them, and exactly once does neither, because the offset is in the
  transaction of the rows.

  Background:
    Given topic "orders" with 3 partitions

  Scenario Outline: A crash <point> with <mode> leaves <verdict>
    Given application "writer" is the reference "db-writer" in group "writers" reading "orders"
      | mode            | <mode>  |
      | batch           | 20      |
      | crash-at        | <point> |
      | crash-batch     | 2       |
      | session-timeout | 1s      |
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

  Scenario Outline: A crash during the commit, with <mode>, leaves <verdict>
    Given application "writer" is the reference "db-writer" in group "writers" reading "orders"
      | mode            | <mode> |
      | session-timeout | 1s     |
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

  Scenario: After a crash, rows and offsets agree
    Given application "writer" is the reference "db-writer" in group "writers" reading "orders"
      | batch           | 20          |
      | crash-at        | after-write |
      | crash-batch     | 3           |
      | session-timeout | 1s          |
    And 200 records from generator "orders" are in "orders"
    When application "writer" is started
    Then application "writer" has been killed
    When application "writer" is restarted
    Then once "writer" has caught up, every record of "orders" has exactly one row in table "records"
    And the rows in table "records", the offsets in the database and the committed offsets of group "writers" agree on "orders"
