Feature: Lag where the log begins
  Lag counts from the start of the log where the group has no commit, and records that are gone are no lag.

  Background:
    Given topic "orders" with 3 partitions
    And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
      | threshold | 5    |
      | poll      | 20ms |

  Scenario: A group without a commit is behind from the start of the log
    Given 10 records are in "orders" partition 1
    And group "shipping" commits offset 0 of "orders" partition 0
    Then the last alert of "monitor" for "orders" partition 1 names a lag of 10
    And "monitor" raised exactly 0 alerts for "orders" partition 0
    When the records of "orders" partition 1 before offset 4 are deleted
    Then "monitor" shows the metric "lag_monitor_lag" of "orders" partition 1 as 6
    And the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5

  Scenario: Deleted records are no lag any more
    Given 10 records are in "orders" partition 0
    And group "shipping" commits offset 2 of "orders" partition 0
    When "monitor" has raised an alert for "orders" partition 0
    And the records of "orders" partition 0 before offset 9 are deleted
    Then "monitor" cleared exactly 1 alert for "orders" partition 0
    And "monitor" shows the metric "lag_monitor_lag" of "orders" partition 0 as 1
