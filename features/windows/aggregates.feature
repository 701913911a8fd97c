Feature: Windows of event time
  Events are counted in windows of the time they happened at. An event on the end of a window belongs to the next one.

  Background:
    Given the day is 2026-01-05
    And topic "readings" with 2 partitions
    And topic "readings_windows" with 1 partition
    And topic "readings_late" with 1 partition
    And topic "readings_changelog" with 2 partitions
      | cleanup.policy | compact |

  Scenario: A window has the count, sum, least and largest of each key
    Given application "meter" is the reference "windower" in group "meter" reading "readings"
    And these records are in "readings":
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
    Given application "meter" is the reference "windower" in group "meter" reading "readings"
    And these records are in "readings":
      | partition | key | value         | timestamp    |
      | 0         | m1  | {"amount": 1} | 10:04:59.999 |
      | 0         | m1  | {"amount": 2} | 10:05:00.000 |
      | 0         | m1  | {"amount": 4} | 10:11        |
    Then "readings_windows" holds exactly these windows:
      | key | window      | count | sum |
      | m1  | 10:00-10:05 | 1     | 1   |
      | m1  | 10:05-10:10 | 1     | 2   |
    And "readings_windows" contains exactly:
      | value.sum | timestamp                |
      | 1         | 2026-01-05T10:04:59.999Z |
      | 2         | 2026-01-05T10:09:59.999Z |

  Scenario: Windows of another duration, without grace
    Given application "pulse" is the reference "windower" in group "pulse" reading "readings"
      | size  | 90s   |
      | grace | 0s    |
      | field | beats |
    And these records are in "readings":
      | key | value        | timestamp |
      | p1  | {"beats": 1} | 10:00:00  |
      | p1  | {"beats": 2} | 10:01:29  |
      | p1  | {"beats": 4} | 10:01:30  |
      | p1  | {"beats": 8} | 10:03:00  |
    Then "readings_windows" holds exactly these windows:
      | key | window            | count | sum |
      | p1  | 10:00-10:01:30    | 2     | 3   |
      | p1  | 10:01:30-10:03:00 | 1     | 4   |
    And "readings_windows" holds exactly the windows of "readings" of 90s without grace
      | field | beats |
