Feature: Lag and transactions
  Records of an open transaction are no lag for consumers at read_committed.

  Background:
    Given topic "orders" with 3 partitions

  Scenario: Records of an open transaction are no lag
    Given application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
      | threshold | 5    |
      | poll      | 20ms |
    When a transaction with 20 records in "orders" partition 0 is open
    And 6 records are sent to "orders" partition 1
    And "monitor" has raised an alert for "orders" partition 1
    Then for 200ms "monitor" raised exactly 0 alerts for "orders" partition 0
    When the open transaction is committed
    Then "monitor" raised exactly 1 alert for "orders" partition 0
    And the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5

  Scenario: A monitor of read_uncommitted consumers counts them
    Given application "eager" is the reference "lag-monitor" watching group "shipping" on "orders"
      | threshold | 5                |
      | poll      | 20ms             |
      | isolation | read-uncommitted |
    When a transaction with 20 records in "orders" partition 0 is open
    Then "eager" raised exactly 1 alert for "orders" partition 0
    And "eager" shows the metric "lag_monitor_lag" of "orders" partition 0 as 20
