Feature: Several requests in flight
  A batch that is tried again lands behind those that were sent after it, unless the producer is idempotent. The delay
  keeps several on the way.

  Scenario Outline: <v> <how>, and a request of several <trouble>: has: says "<says>"
    Given topic "out" with 1 partition
    And application "sender" is the command "python3 several-in-flight/app.py <how>" writing "out"
    And every Produce request from "sender" is delayed by 20ms
    And the next Produce request from "sender" to "out" after the first 3 <trouble>
    When within 1m application "sender" has finished
    Then field "seq" of "out" runs from 0 to 199, each exactly once

    Examples:
      | v     | how        | trouble                            | says      |
      | RIGHT | idempotent | fail with NOT_LEADER_OR_FOLLOWER   |           |
      | RIGHT | idempotent | are cut off after the broker acted |           |
      | WRONG | careless   | fail with NOT_LEADER_OR_FOLLOWER   | reordered |
      | WRONG | careless   | are cut off after the broker acted | duplicate |
