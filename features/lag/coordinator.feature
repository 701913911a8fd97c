Feature: The monitor and a lost coordinator
  The monitor goes on when the broker that coordinates the group is killed.

  @exclusive
  Scenario: The monitor goes on when the broker that coordinates the group is killed
    Given a cluster of at least 3 brokers
    And topic "orders" with 3 partitions
    And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
      | threshold | 5    |
      | poll      | 20ms |
    And 8 records are in "orders" partition 0
    And group "shipping" commits offset 0 of "orders" partition 0
    When "monitor" has raised an alert for "orders" partition 0
    And the broker that coordinates group "shipping" is killed
    And 9 records are sent to "orders" partition 1
    Then within 60s "monitor" raised exactly 1 alert for "orders" partition 1
    When group "shipping" commits offset 8 of "orders" partition 0
    Then within 60s "monitor" cleared exactly 1 alert for "orders" partition 0
    When that broker is started
    Then for 200ms the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5
    And "monitor" raised exactly 1 alert for "orders" partition 0
    And "monitor" raised exactly 1 alert for "orders" partition 1
