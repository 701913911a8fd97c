Feature: Lag on a compacted topic
  Compaction takes records and leaves offsets.

  Scenario: The lag stays until the group has read what is left
    Given topic "accounts" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And topic "accounts_dlq" with 1 partition
    And these records are in "accounts":
      | key | value |
      | a   | {}    |
      | b   | {}    |
      | a   | {}    |
      | a   | {}    |
      | b   | {}    |
      | a   | {}    |
    And these records are in "accounts":
      | key | value |
      | b   | {}    |
    And application "auditor" is the reference "lag-monitor" watching group "bookkeeping" on "accounts"
      | threshold | 5    |
      | poll      | 20ms |
    And application "bookkeeping" is the reference "dlq-consumer" in group "bookkeeping" reading "accounts"
    And group "bookkeeping" commits offset 1 of "accounts" partition 0
    When application "auditor" is started
    And "auditor" has raised an alert for "accounts" partition 0
    And the log of "accounts" is compacted
    Then "accounts" contains exactly 3 records
    And for 200ms "auditor" shows the metric "lag_monitor_lag" of "accounts" partition 0 as 6
    And "auditor" raised exactly 1 alert for "accounts" partition 0
    And "auditor" cleared exactly 0 alerts for "accounts" partition 0
    When application "bookkeeping" is started
    Then "auditor" shows the metric "lag_monitor_lag" of "accounts" partition 0 as 0
    And "auditor" cleared exactly 1 alert for "accounts" partition 0
    And "bookkeeping" processed exactly 3 records
