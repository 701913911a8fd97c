Feature: A breach must last
  A breach shorter than the configured time gives no alert.

  Scenario: A breach that does not last gives no alert
    Given topic "parcels" with 2 partitions
    And application "patient" is the reference "lag-monitor" watching group "packing" on "parcels"
      | threshold | 5    |
      | for       | 3s   |
      | poll      | 20ms |
      | window    | 1s   |
    When 6 records are sent to "parcels" partition 0
    And 6 records are sent to "parcels" partition 1
    Then "patient" shows the metric "lag_monitor_lag" of "parcels" partition 0 as 6
    When group "packing" commits offset 6 of "parcels" partition 0
    Then "patient" reported "parcels" partition 0 as "ok"
    And "patient" raised exactly 0 alerts for "parcels" partition 0
    And within 15s "patient" raised exactly 1 alert for "parcels" partition 1
    And "patient" raised exactly 0 alerts for "parcels" partition 0

  Scenario: A recovery starts the time anew
    Given topic "parcels" with 1 partition
    And application "patient" is the reference "lag-monitor" watching group "packing" on "parcels"
      | threshold | 5    |
      | for       | 2s   |
      | poll      | 20ms |
    When 6 records are sent to "parcels" partition 0
    Then "patient" shows the metric "lag_monitor_lag" of "parcels" partition 0 as 6
    When group "packing" commits offset 6 of "parcels" partition 0
    Then "patient" shows the metric "lag_monitor_lag" of "parcels" partition 0 as 0
    And for 2s "patient" raised exactly 0 alerts for "parcels" partition 0
    When 7 records are sent to "parcels" partition 0
    Then "patient" shows the metric "lag_monitor_lag" of "parcels" partition 0 as 7
    And for 300ms "patient" raised exactly 0 alerts for "parcels" partition 0
