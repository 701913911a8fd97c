Feature: killed or paused while it works on a record

  Background:
    Given topic "orders" with 1 partition

  Scenario Outline: <verdict> killed at a record, HOW=<how> SAYS=<says>
    Given application "worker" is the command "env HOW=<how> WORK=0.05 SAYS=<says> python3 killed-at-work/worker.py" in group "g" reading "orders"
    And 10 records are in "orders" partition 0
    When application "worker" is started
    And within 20s application "worker" is killed while it works on a record of "orders"
    And application "worker" is restarted
    And within 20s "worker" has caught up with "orders"
    Then every record of "orders" was processed in group "g", twice only if it was not committed at a crash

    Examples:
      | verdict | how   | says |
      | RIGHT   | late  |      |
      | RIGHT   | late  | 1    |
      | RIGHT   | batch |      |
      | RIGHT   | batch | 1    |
      | WRONG   | early | 1    |

  Scenario: WRONG a batch that is done again after a crash is not done exactly once
    Given application "worker" is the command "env HOW=batch WORK=0.05 SAYS=1 python3 killed-at-work/worker.py" in group "g" reading "orders"
    And 10 records are in "orders" partition 0
    When application "worker" is started
    And "worker" has processed at least 3 records
    And within 20s application "worker" is killed while it works on a record of "orders"
    And application "worker" is restarted
    And within 20s "worker" has caught up with "orders"
    Then every record of "orders" was processed in group "g" exactly once

  Scenario Outline: RIGHT paused at a record, SAYS=<says>
    Given application "worker" is the command "env HOW=late WORK=0.05 SAYS=<says> python3 killed-at-work/worker.py" in group "g" reading "orders"
    And 10 records are in "orders" partition 0
    When application "worker" is started
    And within 20s application "worker" is paused while it works on a record of "orders"
    And application "worker" is resumed
    And within 20s "worker" has caught up with "orders"
    Then every record of "orders" was processed in group "g" exactly once

    Examples:
      | says |
      |      |
      | 1    |

  Scenario: RIGHT an application that logs what it begins is not killed before it has logged it
    Given application "worker" is the command "env HOW=late WAIT=0.08 WORK=5 SAYS=1 python3 killed-at-work/worker.py" in group "g" reading "orders"
    And 10 records are in "orders" partition 0
    When application "worker" is started
    And within 20s application "worker" is killed while it works on a record of "orders"
    Then "worker" said "msg=processing" exactly 1 time

  Scenario Outline: WRONG nothing to work on, SAYS=<says>: says "<message>"
    Given application "worker" is the command "env HOW=late WORK=0 SAYS=<says> python3 killed-at-work/worker.py" in group "g" reading "orders"
    And 2 records are in "orders" partition 0
    When within 20s "worker" has caught up with "orders"
    Then within 500ms application "worker" is killed while it works on a record of "orders"

    Examples:
      | says | message                                      |
      |      | has received no record of                    |
      | 1    | and no record was seen between that line and |

  Scenario: RIGHT what was held of an application that died is dropped with its connection
    Given application "loader" is the command "python3 killed-at-work/writer.py" writing "orders"
    And every Produce request from "loader" is held
    When application "loader" is started
    And a request is held
    And application "loader" is killed
    And the held requests are released
    Then for 500ms "orders" is empty

  Scenario: WRONG what was held of one that lives is delivered
    Given application "loader" is the command "python3 killed-at-work/writer.py" writing "orders"
    And every Produce request from "loader" is held
    When application "loader" is started
    And a request is held
    And the held requests are released
    Then for 500ms "orders" is empty
