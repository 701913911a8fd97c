Feature: Windows move with their partitions
  When members come, crash and leave, each window is emitted once by whoever owns its partition.

  Scenario Outline: Windows move when members come, crash and leave (<assignor>)
    Given the day is 2026-01-05
    And topic "readings" with 4 partitions
    And topic "readings_windows" with 1 partition
    And topic "readings_late" with 1 partition
    And topic "readings_changelog" with 4 partitions
      | cleanup.policy | compact |
    And application "first" is the reference "windower" in group "pulse" reading "readings"
      | session-timeout | 2s         |
      | assignor        | <assignor> |
    And application "second" is the reference "windower" in group "pulse" reading "readings"
      | session-timeout | 2s         |
      | assignor        | <assignor> |
    And 2_000 records from generator "readings" are in "readings"
    When application "first" is started
    Then "readings_windows" contains at least 1 record
    When application "second" is started
    And application "first" is killed
    And 1_000 records from generator "readings-later" are sent to "readings"
    And application "first" is restarted
    And application "second" is stopped
    Then within 30s "readings_windows" holds exactly the windows of "readings" of 5m with grace 1m

    Examples:
      | assignor           |
      | range              |
      | cooperative-sticky |
