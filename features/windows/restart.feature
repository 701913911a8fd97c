Feature: Windows across restarts and crashes
  A window is emitted once, with all its events, whatever happens to the application.

  Background:
    Given the day is 2026-01-05
    And topic "readings" with 2 partitions
    And topic "readings_windows" with 1 partition
    And topic "readings_late" with 1 partition
    And topic "readings_changelog" with 2 partitions
      | cleanup.policy | compact |
    And application "meter" is the reference "windower" in group "meter" reading "readings"
      | session-timeout | 2s |

  Scenario: An open window is whole after a restart
    Given these records are in "readings":
      | partition | key | value         | timestamp |
      | 0         | m1  | {"amount": 1} | 10:00     |
      | 0         | m1  | {"amount": 2} | 10:01     |
      | 0         | m1  | {"amount": 4} | 10:07     |
    Then "readings_windows" holds exactly these windows:
      | key | window      | count | sum |
      | m1  | 10:00-10:05 | 2     | 3   |
    When application "meter" is restarted
    And these records are sent to "readings":
      | partition | key | value          | timestamp |
      | 0         | m1  | {"amount": 8}  | 10:09     |
      | 0         | m1  | {"amount": 16} | 10:11     |
    Then "readings_windows" holds exactly these windows:
      | key | window      | count | sum |
      | m1  | 10:00-10:05 | 2     | 3   |
      | m1  | 10:05-10:10 | 2     | 12  |
    And for 200ms "readings_windows" contains exactly 2 records

  Scenario: After a crash no window is lost or emitted twice
    Given 3_000 records from generator "readings" are in "readings"
    Then "readings_windows" contains at least 1 record
    When application "meter" is killed
    And 1_000 records from generator "readings-later" are sent to "readings"
    And application "meter" is restarted
    Then within 30s "readings_windows" holds exactly the windows of "readings" of 5m with grace 1m
    And no transaction of "meter" is torn

  Scenario: A member that was paused for too long emits nothing
    Given application "other" is the reference "windower" in group "meter" reading "readings"
      | session-timeout     | 2s |
      | transaction-timeout | 3s |
    And 3_000 records from generator "readings" are in "readings"
    When application "meter" is started
    Then "readings_windows" contains at least 1 record
    When application "meter" is paused
    And application "other" is started
    And 1_000 records from generator "readings-later" are sent to "readings"
    Then within 30s group "meter" has no lag on "readings"
    When application "meter" is resumed
    Then within 30s "readings_windows" holds exactly the windows of "readings" of 5m with grace 1m
    And for 200ms "readings_windows" holds exactly the windows of "readings" of 5m with grace 1m
