Feature: Late events
  An event out of order counts until the grace is over. What comes later is set aside, and changes no emitted window.

  Background:
    Given the day is 2026-01-05
    And topic "readings" with 2 partitions
    And topic "readings_windows" with 1 partition
    And topic "readings_late" with 1 partition
    And topic "readings_changelog" with 2 partitions
      | cleanup.policy | compact |
    And application "meter" is the reference "windower" in group "meter" reading "readings"

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
    Then for 200ms "readings_windows" holds no windows

  Scenario: A late event is set aside, and the emitted window stays
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
    And for 200ms "readings_windows" holds exactly these windows:
      | key | window      | count | sum |
      | m1  | 10:00-10:05 | 1     | 1   |

  Scenario: An event that cannot be read is set aside with the reason
    Given these records are in "readings":
      | partition | key | value         | timestamp | headers.trace |
      | 0         | m1  | not json      | 10:00     | a             |
      | 0         | m1  | {"volume": 1} | 10:00     | b             |
    When "meter" has caught up with "readings"
    Then "readings_late" contains exactly:
      | headers.trace | headers.late-reason | headers.late-detail |
      | a             | unreadable          | /not a JSON object/ |
      | b             | unreadable          | no field "amount"   |
