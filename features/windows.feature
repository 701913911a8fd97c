Feature: Windows of event time
  Events are counted in windows of the time they happened at. A window is emitted once, when no event in time can come for it
  any more, and neither a clock, nor a restart, nor a crash, nor another member changes what is in it.

  Background:
    Given the day is 2026-01-05
    And topic "readings" with 2 partitions
    And topic "readings_windows" with 1 partition
    And topic "readings_late" with 1 partition
    And topic "readings_changelog" with 2 partitions
      | cleanup.policy | compact |
    And application "meter" is the reference "windower" in group "meter" reading "readings"
      | session-timeout    | 2s    |
      | heartbeat-interval | 200ms |
      | commit-interval    | 50ms  |

  Scenario: A window has the count, the sum, the least and the largest of each key
    Given these records are in "readings":
      | partition | key | value           | timestamp |
      | 0         | m1  | {"amount": 5}   | 10:00     |
      | 0         | m2  | {"amount": 2.5} | 10:01     |
      | 0         | m1  | {"amount": -3}  | 10:04     |
      | 0         | m1  | {"amount": 1}   | 10:06     |
    Then "readings_windows" holds exactly these windows:
      | key | window      | count | sum | min | max |
      | m1  | 10:00-10:05 | 2     | 2   | -3  | 5   |
      | m2  | 10:00-10:05 | 1     | 2.5 | 2.5 | 2.5 |

  Scenario: A timestamp exactly on the end belongs to the next window
    Given these records are in "readings":
      | partition | key | value         | timestamp    |
      | 0         | m1  | {"amount": 1} | 10:04:59.999 |
      | 0         | m1  | {"amount": 2} | 10:05:00.000 |
      | 0         | m1  | {"amount": 4} | 10:11        |
    Then "readings_windows" holds exactly these windows:
      | key | window      | count | sum |
      | m1  | 10:00-10:05 | 1     | 1   |
      | m1  | 10:05-10:10 | 1     | 2   |

  Scenario: An event that is out of order counts until the grace is over
    Given these records are in "readings":
      | partition | key | value         | timestamp    |
      | 0         | m1  | {"amount": 1} | 10:00        |
      | 0         | m1  | {"amount": 2} | 10:05:59.999 |
      | 0         | m1  | {"amount": 4} | 10:03        |
      | 0         | m1  | {"amount": 8} | 10:06        |
    When "meter" has caught up with "readings"
    Then "readings_windows" holds exactly these windows:
      | key | window      | count | sum |
      | m1  | 10:00-10:05 | 2     | 5   |
    And "readings_late" is empty

  Scenario: A window is not emitted before its grace is over
    Given these records are in "readings":
      | partition | key | value         | timestamp    |
      | 0         | m1  | {"amount": 1} | 10:00        |
      | 0         | m1  | {"amount": 2} | 10:05:59.999 |
    When "meter" has caught up with "readings"
    Then for 300ms "readings_windows" holds no windows

  Scenario: A late event is set aside whole, and the window that was emitted stays as it is
    Given these records are in "readings":
      | partition | key | value         | headers.trace | timestamp |
      | 0         | m1  | {"amount": 1} | a             | 10:00     |
      | 0         | m1  | {"amount": 2} | b             | 10:06     |
    Then "readings_windows" holds exactly these windows:
      | key | window      | count | sum |
      | m1  | 10:00-10:05 | 1     | 1   |
    When these records are sent to "readings":
      | partition | key | value         | headers.trace | timestamp    |
      | 0         | m1  | {"amount": 4} | c             | 10:04:59.999 |
    Then "readings_late" contains exactly:
      | key | value         | headers.trace | timestamp    | headers.late-reason | headers.late-source-partition | headers.late-source-offset |
      | m1  | {"amount": 4} | c             | 10:04:59.999 | late                | 0                             | 2                          |
    And for 300ms "readings_windows" holds exactly these windows:
      | key | window      | count | sum |
      | m1  | 10:00-10:05 | 1     | 1   |

  Scenario: An event that cannot be read is set aside with the reason
    Given these records are in "readings":
      | partition | key | value          | timestamp | headers.trace |
      | 0         | m1  | not json       | 10:00     | a             |
      | 0         | m1  | {"volume": 1}  | 10:00     | b             |
    When "meter" has caught up with "readings"
    Then "readings_late" contains exactly:
      | headers.trace | headers.late-reason | headers.late-detail |
      | a             | unreadable          | /not a JSON object/ |
      | b             | unreadable          | no field "amount"   |

  Scenario: The slowest active partition decides when a window closes
    Given these records are in "readings":
      | partition | key | value         | timestamp |
      | 0         | m1  | {"amount": 1} | 10:00     |
      | 1         | m2  | {"amount": 2} | 10:01     |
      | 0         | m1  | {"amount": 4} | 10:30     |
    When "meter" has caught up with "readings"
    Then for 300ms "readings_windows" holds no windows
    When these records are sent to "readings":
      | partition | key | value         | timestamp |
      | 1         | m2  | {"amount": 8} | 10:06     |
    Then "readings_windows" holds exactly these windows:
      | key | window      | count | sum |
      | m1  | 10:00-10:05 | 1     | 1   |
      | m2  | 10:00-10:05 | 1     | 2   |

  Scenario: An idle partition holds nothing back, and what it brings afterwards is late
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

  Scenario: Windows of another duration, without grace
    Given topic "pulses" with 1 partition
    And topic "pulses_windows" with 1 partition
    And topic "pulses_late" with 1 partition
    And topic "pulses_changelog" with 1 partition
      | cleanup.policy | compact |
    And application "pulse" is the reference "windower" in group "pulse" reading "pulses"
      | size  | 90s   |
      | grace | 0s    |
      | field | beats |
    And these records are in "pulses":
      | key | value        | timestamp |
      | p1  | {"beats": 1} | 10:00:00  |
      | p1  | {"beats": 2} | 10:01:29  |
      | p1  | {"beats": 4} | 10:01:30  |
      | p1  | {"beats": 8} | 10:03:00  |
    Then "pulses_windows" holds exactly these windows:
      | key | window            | count | sum |
      | p1  | 10:00-10:01:30    | 2     | 3   |
      | p1  | 10:01:30-10:03:00 | 1     | 4   |
    And "pulses_windows" holds exactly the windows of "pulses" of 90s without grace
      | field | beats |

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
    And "readings_late" contains at least 30 records
    And every record of "readings_windows" is in "slow_windows" exactly once
    And every record of "readings_late" is in "slow_late" exactly once

  Scenario: A window that is open when the application stops is whole when it is emitted
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
    And for 300ms "readings_windows" contains exactly 2 records

  Scenario: After a crash no window is lost or emitted twice
    Given 3_000 records from generator "readings" are in "readings"
    Then "readings_windows" contains at least 1 record
    When application "meter" is killed
    And 1_000 records from generator "readings-later" are sent to "readings"
    And application "meter" is restarted
    Then within 30s "readings_windows" holds exactly the windows of "readings" of 5m with grace 1m

  Scenario Outline: Windows go along with their partitions when members come, crash and leave (<assignor>)
    Given topic "pulses" with 4 partitions
    And topic "pulses_windows" with 1 partition
    And topic "pulses_late" with 1 partition
    And topic "pulses_changelog" with 4 partitions
      | cleanup.policy | compact |
    And application "first" is the reference "windower" in group "pulse" reading "pulses"
      | session-timeout    | 2s         |
      | heartbeat-interval | 200ms      |
      | commit-interval    | 50ms       |
      | assignor           | <assignor> |
    And application "second" is the reference "windower" in group "pulse" reading "pulses"
      | session-timeout    | 2s         |
      | heartbeat-interval | 200ms      |
      | commit-interval    | 50ms       |
      | assignor           | <assignor> |
    And 2_000 records from generator "readings" are in "pulses"
    When application "first" is started
    Then "pulses_windows" contains at least 1 record
    When application "second" is started
    And application "first" is killed
    And 1_000 records from generator "readings-later" are sent to "pulses"
    And application "first" is restarted
    And application "second" is stopped
    Then within 30s "pulses_windows" holds exactly the windows of "pulses" of 5m with grace 1m

    Examples:
      | assignor           |
      | range              |
      | cooperative-sticky |

  Scenario: A member that was paused for too long emits nothing when it wakes up
    Given application "other" is the reference "windower" in group "meter" reading "readings"
      | session-timeout     | 2s    |
      | heartbeat-interval  | 200ms |
      | commit-interval     | 50ms  |
      | transaction-timeout | 3s    |
    And 3_000 records from generator "readings" are in "readings"
    When application "meter" is started
    Then "readings_windows" contains at least 1 record
    When application "meter" is paused
    And application "other" is started
    And 1_000 records from generator "readings-later" are sent to "readings"
    Then within 30s group "meter" has no lag on "readings"
    When application "meter" is resumed
    Then within 30s "readings_windows" holds exactly the windows of "readings" of 5m with grace 1m
    And for 500ms "readings_windows" holds exactly the windows of "readings" of 5m with grace 1m
