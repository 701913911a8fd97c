Feature: Who leaves a group and goes on
  A client leaves the group in the name of an application that has not polled for too long. Whether that was free to
  commit before is not known. One that closes its consumer was.

  Scenario Outline: WRONG <how>, says "<says>"
    Given topic "orders" with 1 partition
    And application "one" is the command "env HOW=<how> python3 polls-too-rarely/app.py" in group "g" reading "orders"
    And application "two" is the command "env HOW=fine python3 polls-too-rarely/app.py" in group "g" reading "orders"
    And 6 records are in "orders" partition 0
    When application "one" is started
    And within 10s "one" has processed at least 3 records
    And application "two" is started
    And within 20s "two" has processed at least <n> records
    And within 10s "two" has caught up with "orders"
    Then within 1s <judge>

    Examples:
      | how   | n | says                 | judge |
      | stuck | 3 | kept its connection  | every record of "orders" was processed in group "g", twice only if it was not committed at a crash |
      | stuck | 3 | kept its connection  | every partition of "orders" that was given up in group "g" was committed before |

  Scenario Outline: WRONG <how>, says "<says>"
    Given topic "orders" with 1 partition
    And application "one" is the command "env HOW=<how> python3 polls-too-rarely/app.py" in group "g" reading "orders"
    And 6 records are in "orders" partition 0
    When within 20s "one" has caught up with "orders"
    Then within 1s <judge>

    Examples:
      | how    | says                  | judge |
      | closes | free to commit before | every record of "orders" was processed in group "g", twice only if it was not committed at a crash |
      | closes | revoked without commit | every partition of "orders" that was given up in group "g" was committed before |
