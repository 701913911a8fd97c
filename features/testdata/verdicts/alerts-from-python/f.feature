@any-cluster
Feature: Alerts of a lag that nobody has worked off
  Eight records are in the log, and the group commits nothing, or all of them.

  Scenario Outline: <verdict> <what><says>
    Given topic "orders" with 2 partitions
    And 8 records are in "orders" partition 0
    And application "monitor" is the command "python3 alerts-from-python/monitor.py <does>" watching group "shipping" on "orders"
    When application "monitor" is started
    And within 20s "monitor" has said "ready"
    Then within 1s the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5

    Examples:
      | verdict | what                             | says                                | does                      |
      | RIGHT   | raised once                      |                                     | raise:8                   |
      | WRONG   | cleared and raised again         | , says "has committed nothing since" | raise:8 clear:0 raise:8  |
      | WRONG   | cleared and raised, as it stops  | , says "has committed nothing since" | raise:8 wait clear:0 raise:8 |
      | WRONG   | cleared                          |                                     | raise:8 clear:0           |

  Scenario: RIGHT cleared behind a commit, and raised again
    Given topic "orders" with 2 partitions
    And 8 records are in "orders" partition 0
    And application "monitor" is the command "python3 alerts-from-python/monitor.py raise:8 go clear:0 wait" watching group "shipping" on "orders"
    When application "monitor" is started
    And within 20s "monitor" has raised an alert for "orders" partition 0
    And group "shipping" commits offset 8 of "orders" partition 0
    And the record "go" is sent to "orders" partition 1
    Then within 10s the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5
