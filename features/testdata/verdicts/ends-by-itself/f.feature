@any-cluster
Feature: Applications that end by themselves, and what they leave behind
  An end that no step speaks of is a finding, in whichever life. So is what outlives the program that started it.

  Scenario Outline: <verdict> <command><says>
    Given topic "events" with 1 partition
    And application "app" is the command "<command>" writing "events"
    When within 20s application "app" <ends>
    Then "events" is empty

    Examples:
      | verdict | command                                              | ends         | says                   |
      | RIGHT   | sh -c 'sleep 0.1'                                    | has finished |                        |
      | RIGHT   | sh -c '(sleep 0.3; echo late) & echo done'           | has finished |                        |
      | RIGHT   | sh -c 'setsid sleep 0.3 & echo done'                 | has finished |                        |
      | RIGHT   | sh -c 'sleep 1000 & kill -KILL $$'                   | has been killed |                     |
      | WRONG   | sh -c 'sleep 1000 & echo done'                       | has finished | , says "sleep 1000"    |
      | WRONG   | sh -c 'setsid sleep 1000 >/dev/null 2>&1 & sleep 0.2' | has finished | , says "sleep 1000"   |
      | WRONG   | sh -c 'sleep 1000 & exit 3'                          | has failed   | , says "left running"  |
      | WRONG   | sh -c 'sleep 1000 & echo done'                       | has failed   | , says "left running"  |

  Scenario Outline: <verdict> told to stop, <command><says>
    Given topic "events" with 1 partition
    And application "app" is the command "<command>" writing "events"
    Then within 20s "app" has said "ready"
    And "events" is empty

    Examples:
      | verdict | command                                                                                          | says                  |
      | RIGHT   | sh -c 'sh ends-by-itself/child.sh & wait'                                                                       |                       |
      | WRONG   | sh -c 'setsid sleep 1000 >/dev/null 2>&1 & echo ready; sleep 1000'                               | , says "left running" |
      | WRONG   | sh -c 'echo ready; sleep 1000 & exit 0'                                                          | , says "left running" |

  Scenario Outline: <verdict> a member that <does><says>
    Given topic "orders" with 1 partition
    And application "app" is the command "env HOW=<how> python3 ends-by-itself/member.py" in group "g" reading "orders"
    And 3 records are in "orders" partition 0
    When within 20s "app" has processed at least 3 records
    Then within 20s "app" has caught up with "orders"

    Examples:
      | verdict | does                   | how      | says                                |
      | RIGHT   | lives                  | lives    |                                     |
      | WRONG   | ends with exit code 0  | finishes | , says "has finished"               |
      | WRONG   | ends with exit code 3  | fails    | , says "no step speaks of its end"  |

  Scenario Outline: <verdict> a member whose end is meant, <how><says>
    Given topic "orders" with 1 partition
    And application "app" is the command "env HOW=<how> python3 ends-by-itself/member.py" in group "g" reading "orders"
    And 3 records are in "orders" partition 0
    When within 20s application "app" <ends>
    Then group "g" has committed offset 3 of "orders" partition 0

    Examples:
      | verdict | how      | ends         | says                  |
      | RIGHT   | finishes | has finished |                       |
      | RIGHT   | fails    | has failed   |                       |
      | WRONG   | fails    | has finished | , says "exit code 3"  |

  Scenario Outline: <verdict> after a restart, a member that <does><says>
    Given topic "orders" with 1 partition
    And application "app" is the command "env HOW=<how> python3 ends-by-itself/member.py" in group "g" reading "orders"
    And 3 records are in "orders" partition 0
    When within 20s "app" has processed at least 3 records
    And application "app" is <ended>
    And application "app" is restarted
    And 3 records are sent to "orders" partition 0
    Then within 20s group "g" has committed offset 6 of "orders" partition 0

    Examples:
      | verdict | does                  | how            | ended   | says                               |
      | RIGHT   | lives                 | lives          | killed  |                                    |
      | RIGHT   | lives                 | lives          | stopped |                                    |
      | WRONG   | ends with exit code 0 | finishes-later | killed  | , says "has finished"              |
      | WRONG   | ends with exit code 3 | fails-later    | stopped | , says "no step speaks of its end" |

  Scenario: WRONG it has finished once, and ends again, says "has finished"
    Given topic "orders" with 1 partition
    And application "app" is the command "env HOW=finishes python3 ends-by-itself/member.py" in group "g" reading "orders"
    And 3 records are in "orders" partition 0
    When within 20s application "app" has finished
    And application "app" is restarted
    And 3 records are sent to "orders" partition 0
    Then within 20s group "g" has committed offset 6 of "orders" partition 0

  Scenario: WRONG it ends, and the cluster is slow to answer that it leaves, says "no step speaks of its end"
    Given topic "orders" with 1 partition
    And application "app" is the command "env HOW=finishes python3 ends-by-itself/member.py" in group "g" reading "orders"
    And the next LeaveGroup request from "app" is delayed by 600ms
    And 3 records are in "orders" partition 0
    Then within 20s group "g" has committed offset 3 of "orders" partition 0
