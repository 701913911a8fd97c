Feature: One alert for each breach
  A partition that falls behind is alerted once, with its lag, and cleared once.

  Background:
    Given topic "orders" with 3 partitions
    And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
      | threshold | 5    |
      | poll      | 20ms |

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

  Scenario: A lag at the threshold is no breach, and one more is
    Given 5 records are in "orders" partition 0
    And group "shipping" commits offset 0 of "orders" partition 0
    Then "monitor" shows the metric "lag_monitor_lag" of "orders" partition 0 as 5
    And for 200ms "monitor" raised exactly 0 alerts for "orders" partition 0
    When 1 record is sent to "orders" partition 0
    Then the last alert of "monitor" for "orders" partition 0 names a lag of 6
    And the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5

  Scenario: An alert is cleared once, and raised again at the next breach
    Given 6 records are in "orders" partition 0
    When "monitor" has raised an alert for "orders" partition 0
    And group "shipping" commits offset 6 of "orders" partition 0
    Then "monitor" cleared exactly 1 alert for "orders" partition 0
    And for 200ms the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5
    When 7 records are sent to "orders" partition 0
    Then "monitor" raised exactly 2 alerts for "orders" partition 0
    When group "shipping" commits offset 13 of "orders" partition 0
    Then "monitor" cleared exactly 2 alerts for "orders" partition 0
    And for 200ms the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5

  Scenario: A breach that ends by itself is told as well
    When 6 records are sent to "orders" partition 0
    Then for 3s "orders" contains exactly 6 records
    When group "shipping" commits offset 6 of "orders" partition 0
    Then "monitor" shows the metric "lag_monitor_lag" of "orders" partition 0 as 0
    And the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5
      | within | 2s |

  Scenario: A partition that the topic gains is watched as well
    Given 6 records are in "orders" partition 0
    When "monitor" has raised an alert for "orders" partition 0
    And topic "orders" is grown to 4 partitions
    And 9 records are sent to "orders" partition 3
    Then "monitor" raised exactly 1 alert for "orders" partition 3
    And "monitor" shows the metric "lag_monitor_lag" of "orders" partition 3 as 9
    And the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5
