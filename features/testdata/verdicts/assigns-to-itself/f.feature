Feature: Readers that no group gives partitions
  They assign partitions to themselves, and may do so again. Within one assignment they read on and on.

  Scenario Outline: <verdict> <client>, HOW=<how><says>
    Given topic "orders" with 1 partition
    And application "app" is the command "env HOW=<how> python3 assigns-to-itself/<client>.py" <role>
    And the record "a" is in "orders"
    And the record "b" is in "orders"
    And the record "c" is in "orders"
    And the record "d" is in "orders"
    And the record "e" is in "orders"
    And the record "f" is in "orders"
    And the record "g" is in "orders"
    And the record "h" is in "orders"
    When within 20s application "app" has finished
    Then "app" read "orders" without skipping records or going back

    Examples:
      | verdict | client    | how   | role                          | says                        |
      | RIGHT   | confluent | twice | reading "orders"              |                             |
      | RIGHT   | confluent | anew  | reading "orders"              |                             |
      | RIGHT   | confluent | twice | in group "g" reading "orders" |                             |
      | RIGHT   | pure      | twice | reading "orders"              |                             |
      | RIGHT   | pure      | anew  | reading "orders"              |                             |
      | WRONG   | confluent | back  | reading "orders"              | , says "non-monotonic poll" |
      | WRONG   | confluent | skips | reading "orders"              | , says "poll skip"          |

  Scenario Outline: RIGHT <client>, another consumer begins with what is new
    Given topic "orders" with 1 partition
    And application "app" is the command "env HOW=latest python3 assigns-to-itself/<client>.py" reading "orders"
    And 4 records are in "orders" partition 0
    When within 20s "app" has processed at least 4 records
    And 2 records are sent to "orders" partition 0
    And within 20s "app" has said "ready"
    And 2 records are sent to "orders" partition 0
    And within 20s application "app" has finished
    Then "app" read "orders" without skipping records or going back

    Examples:
      | client    |
      | confluent |
      | pure      |
