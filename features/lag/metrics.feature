Feature: Numbers for Prometheus
  Lag, alert and offsets of each partition are served as metrics.

  Background:
    Given topic "orders" with 3 partitions
    And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
      | threshold | 5    |
      | poll      | 20ms |

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
