Feature: Lag monitor
  A group that falls behind is alerted once for each partition, with the lag, and called well again once. Nothing is alerted that a consumer could
  not read, or that does not last.

  Background:
    Given topic "orders" with 3 partitions
    And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
      | threshold | 5    |
      | poll      | 20ms |
      | window    | 2s   |

  Scenario: A partition that falls behind is alerted once, with its own lag
    Given 8 records are in "orders" partition 0
    And 5 records are in "orders" partition 1
    And 20 records are in "orders" partition 2
    And group "shipping" commits offset 0 of "orders" partition 0
    And group "shipping" commits offset 3 of "orders" partition 1
    And group "shipping" commits offset 1 of "orders" partition 2
    When "monitor" has raised an alert for "orders" partition 0
    And "monitor" has raised an alert for "orders" partition 2
    Then the last alert of "monitor" for "orders" partition 0 names a lag of 8
    And the last alert of "monitor" for "orders" partition 2 names a lag of 19
    And for 500ms the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5
    And "monitor" raised exactly 1 alert for "orders" partition 0
    And "monitor" raised exactly 0 alerts for "orders" partition 1
    And "monitor" raised exactly 1 alert for "orders" partition 2

  Scenario: A lag exactly at the threshold is no breach, and one more is
    Given 5 records are in "orders" partition 0
    And group "shipping" commits offset 0 of "orders" partition 0
    Then "monitor" reported "orders" partition 0 as "stopped"
    And "monitor" raised exactly 0 alerts for "orders" partition 0
    When 1 record is sent to "orders" partition 0
    Then the last alert of "monitor" for "orders" partition 0 names a lag of 6
    And for 200ms the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5

  Scenario: An alert is cleared once when the group has drained the partition, and raised again at the next breach
    Given 6 records are in "orders" partition 0
    When "monitor" has raised an alert for "orders" partition 0
    And group "shipping" commits offset 6 of "orders" partition 0
    Then "monitor" cleared exactly 1 alert for "orders" partition 0
    And for 300ms the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5
    When 7 records are sent to "orders" partition 0
    Then "monitor" raised exactly 2 alerts for "orders" partition 0
    When group "shipping" commits offset 13 of "orders" partition 0
    Then "monitor" cleared exactly 2 alerts for "orders" partition 0
    And for 300ms the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5

  Scenario: A breach that does not last gives no alert
    Given topic "parcels" with 2 partitions
    And application "patient" is the reference "lag-monitor" watching group "packing" on "parcels"
      | threshold | 5    |
      | for       | 4s   |
      | poll      | 20ms |
      | window    | 1s   |
    When 6 records are sent to "parcels" partition 0
    And 6 records are sent to "parcels" partition 1
    Then "patient" shows the metric "lag_monitor_lag" of "parcels" partition 0 as 6
    When group "packing" commits offset 6 of "parcels" partition 0
    Then "patient" reported "parcels" partition 0 as "ok"
    And "patient" raised exactly 0 alerts for "parcels" partition 0
    And within 15s "patient" raised exactly 1 alert for "parcels" partition 1
    And for 500ms "patient" raised exactly 0 alerts for "parcels" partition 0

  Scenario: A partition on which the group never committed is behind from the start of the log
    Given 10 records are in "orders" partition 1
    And group "shipping" commits offset 0 of "orders" partition 0
    Then the last alert of "monitor" for "orders" partition 1 names a lag of 10
    And "monitor" raised exactly 0 alerts for "orders" partition 0
    When the records of "orders" partition 1 before offset 4 are deleted
    Then "monitor" shows the metric "lag_monitor_lag" of "orders" partition 1 as 6
    And the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5

  Scenario: Records that were deleted before the group read them are no lag any more
    Given 10 records are in "orders" partition 0
    And group "shipping" commits offset 2 of "orders" partition 0
    When "monitor" has raised an alert for "orders" partition 0
    And the records of "orders" partition 0 before offset 9 are deleted
    Then "monitor" cleared exactly 1 alert for "orders" partition 0
    And "monitor" shows the metric "lag_monitor_lag" of "orders" partition 0 as 1

  Scenario: Compaction takes records and leaves offsets, so the lag stays until the group has read what is left
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
    And for 300ms "auditor" shows the metric "lag_monitor_lag" of "accounts" partition 0 as 6
    And "auditor" raised exactly 1 alert for "accounts" partition 0
    And "auditor" cleared exactly 0 alerts for "accounts" partition 0
    When application "bookkeeping" is started
    Then "auditor" shows the metric "lag_monitor_lag" of "accounts" partition 0 as 0
    And "auditor" cleared exactly 1 alert for "accounts" partition 0
    And "bookkeeping" processed exactly 3 records

  @exclusive
  Scenario: The monitor goes on when the broker that coordinates the group is killed
    Given a cluster of at least 3 brokers
    And 8 records are in "orders" partition 0
    And group "shipping" commits offset 0 of "orders" partition 0
    When "monitor" has raised an alert for "orders" partition 0
    And the broker that coordinates group "shipping" is killed
    And 9 records are sent to "orders" partition 1
    Then within 60s "monitor" raised exactly 1 alert for "orders" partition 1
    When group "shipping" commits offset 8 of "orders" partition 0
    Then within 60s "monitor" cleared exactly 1 alert for "orders" partition 0
    When that broker is started
    Then for 1s the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5
    And "monitor" raised exactly 1 alert for "orders" partition 0
    And "monitor" raised exactly 1 alert for "orders" partition 1

  Scenario: A partition that the topic gains is watched as well
    Given 6 records are in "orders" partition 0
    When "monitor" has raised an alert for "orders" partition 0
    And topic "orders" is grown to 4 partitions
    And 9 records are sent to "orders" partition 3
    Then "monitor" raised exactly 1 alert for "orders" partition 3
    And "monitor" shows the metric "lag_monitor_lag" of "orders" partition 3 as 9
    And the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5

  Scenario: Records of an open transaction are no lag, as no consumer at read_committed can read them yet
    When a transaction with 20 records in "orders" partition 0 is open
    And 6 records are sent to "orders" partition 1
    And "monitor" has raised an alert for "orders" partition 1
    Then for 500ms "monitor" raised exactly 0 alerts for "orders" partition 0
    When the open transaction is committed
    Then "monitor" raised exactly 1 alert for "orders" partition 0
    And the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5

  Scenario: A monitor of read_uncommitted consumers counts what is in an open transaction
    Given topic "events" with 1 partition
    And application "eager" is the reference "lag-monitor" watching group "shipping" on "events"
      | threshold | 5                |
      | poll      | 20ms             |
      | isolation | read-uncommitted |
    When a transaction with 20 records in "events" partition 0 is open
    Then "eager" raised exactly 1 alert for "events" partition 0
    And "eager" shows the metric "lag_monitor_lag" of "events" partition 0 as 20

  Scenario: A consumer that is stopped falls behind, and catches up when it is started again
    Given topic "orders_dlq" with 1 partition
    And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
    When 5 records are sent to "orders" partition 0
    And "shipping" has caught up with "orders"
    And application "shipping" is stopped
    And 10 records are sent to "orders" partition 0
    Then "monitor" shows the metric "lag_monitor_lag" of "orders" partition 0 as 10
    And "monitor" raised exactly 1 alert for "orders" partition 0
    And "monitor" reported "orders" partition 0 as "stopped"
    When application "shipping" is restarted
    Then "monitor" shows the metric "lag_monitor_lag" of "orders" partition 0 as 0
    And the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5
    And "monitor" cleared exactly 1 alert for "orders" partition 0

  Scenario: A consumer that is alive and does not get on is stalled
    Given topic "invoices" with 1 partition
    And topic "invoices_dlq" with 1 partition
    And application "billing" is the reference "dlq-consumer" in group "billing" reading "invoices"
      | fail-transient | 1_000_000 |
      | retries        | 1_000_000 |
      | retry-backoff  | 100ms     |
    And application "auditor" is the reference "lag-monitor" watching group "billing" on "invoices"
      | poll   | 50ms |
      | window | 1s   |
    When 5 records are sent to "invoices" partition 0
    Then "auditor" reported "invoices" partition 0 as "stalled"

  Scenario: A consumer that moves and does not get nearer is slow
    Given 10 records are in "orders" partition 0
    And group "shipping" commits offset 1 of "orders" partition 0
    Then "monitor" reported "orders" partition 0 as "stopped"
    When 5 records are sent to "orders" partition 0
    And group "shipping" commits offset 2 of "orders" partition 0
    And 5 records are sent to "orders" partition 0
    Then "monitor" reported "orders" partition 0 as "slow"

  Scenario: The numbers are there for Prometheus
    Given 10 records are in "orders" partition 2
    And group "shipping" commits offset 4 of "orders" partition 2
    Then "monitor" shows the metric "lag_monitor_lag" of "orders" partition 2 as 6
    And "monitor" shows the metric "lag_monitor_alert" of "orders" partition 2 as 1
    And "monitor" shows the metric "lag_monitor_alert" of "orders" partition 0 as 0
    And "monitor" shows the metric "lag_monitor_committed_offset" of "orders" partition 2 as 4
    And "monitor" shows the metric "lag_monitor_committed_offset" of "orders" partition 0 as -1
    And "monitor" shows the metric "lag_monitor_start_offset" of "orders" partition 2 as 0
    And "monitor" shows the metric "lag_monitor_end_offset" of "orders" partition 2 as 10
