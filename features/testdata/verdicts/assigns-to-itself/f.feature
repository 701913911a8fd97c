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
