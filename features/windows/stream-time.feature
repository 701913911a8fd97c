Feature: Stream time over partitions
  A window closes when the slowest active partition has passed it. An idle partition holds nothing back.

  Background:
    Given the day is 2026-01-05
    And topic "readings" with 2 partitions
    And topic "readings_windows" with 1 partition
    And topic "readings_late" with 1 partition
    And topic "readings_changelog" with 2 partitions
      | cleanup.policy | compact |
    And application "meter" is the reference "windower" in group "meter" reading "readings"

  Scenario: The slowest active partition decides when a window closes
    Given these records are in "readings":
      | partition | key | value         | timestamp |
      | 0         | m1  | {"amount": 1} | 10:00     |
      | 1         | m2  | {"amount": 2} | 10:01     |
      | 0         | m1  | {"amount": 4} | 10:30     |
    When "meter" has caught up with "readings"
    Then for 200ms "readings_windows" holds no windows
    When these records are sent to "readings":
      | partition | key | value         | timestamp |
      | 1         | m2  | {"amount": 8} | 10:06     |
    Then "readings_windows" holds exactly these windows:
      | key | window      | count | sum |
      | m1  | 10:00-10:05 | 1     | 1   |
      | m2  | 10:00-10:05 | 1     | 2   |

  Scenario: An idle partition holds nothing back, and is late afterwards
    Given these records are in "readings":
      | partition | key | value         | timestamp    |
      | 0         | m1  | {"amount": 1} | 10:00        |
      | 1         | m2  | {"amount": 2} | 10:01        |
      | 0         | m1  | {"amount": 4} | 11:01:00.001 |
    When "meter" has caught up with "readings"
    Then "readings_windows" holds exactly these windows:
      | key | window      | count | sum |
      | m1  | 10:00-10:05 | 1     | 1   |
      | m2  | 10:00-10:05 | 1     | 2   |
    When these records are sent to "readings":
      | partition | key | value         | timestamp |
      | 1         | m2  | {"amount": 8} | 10:02     |
    Then "readings_late" contains exactly:
      | key | value         | headers.late-reason |
      | m2  | {"amount": 8} | late                |
    And "readings_windows" contains exactly 2 records

  Scenario: Recorded events give the same windows at any speed
    Given topic "slow_windows" with 1 partition
    And topic "slow_late" with 1 partition
    And topic "slow_changelog" with 2 partitions
      | cleanup.policy | compact |
    And application "slow" is the reference "windower" in group "slow" reading "readings"
      | commit-interval | 2ms            |
      | windows-topic   | slow_windows   |
      | late-topic      | slow_late      |
      | changelog-topic | slow_changelog |
    And 1_500 records from generator "readings" are in "readings"
    When "meter" has caught up with "readings"
    And "slow" has caught up with "readings"
    Then "readings_windows" holds exactly the windows of "readings" of 5m with grace 1m
    And "readings_late" contains at least 10 records
    And every record of "readings_windows" is in "slow_windows" exactly once
    And every record of "readings_late" is in "slow_late" exactly once

  Scenario: A partition that is as far behind as it may be is not idle, and one that is further behind is
    Given these records are in "readings":
      | partition | key | value         | timestamp |
      | 0         | m1  | {"amount": 1} | 10:00     |
      | 1         | m2  | {"amount": 2} | 10:01     |
      | 0         | m1  | {"amount": 4} | 11:01     |
    When "meter" has caught up with "readings"
    Then for 200ms "readings_windows" holds no windows
    When these records are sent to "readings":
      | partition | key | value         | timestamp    |
      | 0         | m1  | {"amount": 8} | 11:01:00.001 |
    Then "readings_windows" contains exactly 2 records
