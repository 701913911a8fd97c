Feature: Stopped, stalled or slow
  The monitor tells a consumer that is gone from one that is stuck and from one that is too slow.

  Background:
    Given topic "orders" with 1 partition
    And topic "orders_dlq" with 1 partition
    And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
      | threshold | 5     |
      | poll      | 20ms  |
      | window    | 500ms |

  Scenario: A stopped consumer falls behind, and catches up when restarted
    Given application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
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

  Scenario: A consumer that lives and does not move is stalled
    Given application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
      | fail-transient | 1_000_000 |
      | retries        | 1_000_000 |
      | retry-backoff  | 100ms     |
    When 5 records are sent to "orders" partition 0
    Then "monitor" reported "orders" partition 0 as "stalled"

  Scenario: So is a member of a group of the new protocol
    Given application "shipping" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor     | uniform |
      | work         | 500ms   |
      | commit-every | 1m      |
    When 100 records are sent to "orders" partition 0
    Then "monitor" reported "orders" partition 0 as "stalled"

  Scenario: A consumer that moves and gets no nearer is slow
    Given 10 records are in "orders" partition 0
    And group "shipping" commits offset 1 of "orders" partition 0
    Then "monitor" reported "orders" partition 0 as "stopped"
    When 5 records are sent to "orders" partition 0
    And group "shipping" commits offset 2 of "orders" partition 0
    And 5 records are sent to "orders" partition 0
    Then "monitor" reported "orders" partition 0 as "slow"
