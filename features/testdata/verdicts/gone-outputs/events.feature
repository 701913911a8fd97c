Feature: Numbered events that are gone
  An event of the scenario is known when it is gone. Of one that an application wrote only that it was there is.

  Background:
    Given topic "events" with 1 partition

  Scenario Outline: <verdict> sent by a step, <received> received, <lost> lost<says>
    Given application "meter" is the command "echo level=INFO msg=done producers=1 received=<received> records=<received> lost=<lost> repeated=0 reordered=0 foreign=0" reading "events"
    And these records are in "events":
      | value     |
      | {"seq":0} |
      | {"seq":1} |
      | {"seq":2} |
    When application "meter" has finished
    And the records of "events" partition 0 before offset 1 are deleted
    Then within 1s every event of "events" was received by "meter" once and in order

    Examples:
      | verdict | received | lost | says                           |
      | RIGHT   | 3        | 0    |                                |
      | WRONG   | 2        | 0    | , says "received=2, want 3"    |
      | WRONG   | 3        | 1    | , says "lost=1, want 0"        |

  Scenario Outline: <verdict> written by an application, then <last>, <received> received, <lost> lost<says>
    Given application "meter" is the command "echo level=INFO msg=done producers=1 received=<received> records=<received> lost=<lost> repeated=0 reordered=0 foreign=0" reading "events"
    And application "writer" is the command "python3 acts/act.py 'raw:events:a:{\"seq\":0}' 'raw:events:a:{\"seq\":1}' 'raw:events:a:{\"seq\":<last>}' say:ready wait" writing "events"
    When application "writer" is started
    And within 20s "writer" has said "ready"
    And application "meter" has finished
    And the records of "events" partition 0 before offset <gone> are deleted
    Then within 1s every event of "events" was received by "meter" once and in order

    Examples:
      | verdict | last | received | lost | gone | says                                    |
      | RIGHT   | 2    | 3        | 0    | 0    |                                         |
      | WRONG   | 2    | 3        | 0    | 1    | , says "what was in them is not known"  |
      | WRONG   | 2    | 3        | 0    | 3    | , says "what was in them is not known"  |
      | WRONG   | 1    | 3        | 0    | 1    | , says "duplicate"                      |
      | WRONG   | 0    | 3        | 0    | 1    | , says "reordered"                      |
      | WRONG   | 2    | 4        | 0    | 1    | , says "received=4, want 2 to 3"        |
      | WRONG   | 2    | 2        | 1    | 1    | , says "lost=1, want 0"                 |
