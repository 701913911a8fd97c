Feature: Commands that a scenario runs to their end
  What one of them leaves running is a finding, as with applications.

  Scenario Outline: <verdict> <command><says>
    Given topic "orders" with 1 partition
    When the command "<command>" is run
    Then its output contains "done"

    Examples:
      | verdict | command                                                  | says                       |
      | RIGHT   | sh -c 'echo done'                                        |                            |
      | RIGHT   | sh -c '(sleep 0.3; echo late) & echo done'               |                            |
      | WRONG   | sh -c 'sleep 1000 & echo done'                           | , says "has left running"  |
      | WRONG   | sh -c 'setsid sleep 1000 >/dev/null 2>&1 & echo done'    | , says "sleep 1000"        |
      | WRONG   | sh -c 'echo undone; exit 3'                              | , says "no step speaks"    |

  Scenario: RIGHT names are filled in, and $${ is a plain one
    Given topic "orders" with 1 partition
    And variable "number" is "seven"
    When the command "echo ${number} ${topic.orders} $${number} done" is run
    Then its output contains "seven orders $${number} done"
