Feature: Late window
  A partition without records keeps the windows of the others from being emitted.

  Scenario: An idle partition holds no window back
    Given the day is 2026-01-05
    And topic "readings" with 2 partitions
    And topic "readings_windows" with 1 partition
    And topic "readings_late" with 1 partition
    And topic "readings_changelog" with 2 partitions
      | cleanup.policy | compact |
    And application "meter" is the reference "wrong/win-idle-holds" in group "meter" reading "readings"
    And these records are in "readings":
      | partition | key | value         | timestamp |
      | 0         | m1  | {"amount": 1} | 10:00     |
      | 1         | m2  | {"amount": 2} | 10:01     |
      | 0         | m1  | {"amount": 4} | 10:07     |
      | 0         | m1  | {"amount": 8} | 12:30     |
    When "meter" has caught up with "readings"
    Then within 3s "readings_windows" holds exactly the windows of "readings" of 5m with grace 1m
