Feature: A zombie cannot write
  An owner whose partitions were given to another is fenced when it wakes up.

  Scenario: A zombie that wakes up cannot write
    Given topic "payments" with 1 partition
    And application "first" is the reference "db-writer" in group "writers" reading "payments"
      | session-timeout   | 1s   |
      | retry-backoff     | 20ms |
      | retry-backoff-max | 50ms |
    And application "second" is the reference "db-writer" in group "writers" reading "payments"
      | session-timeout | 1s |
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
    And for 300ms every record of "payments" has exactly one row in table "records"
    And the rows in table "records" and the offsets of group "writers" agree on "payments"
