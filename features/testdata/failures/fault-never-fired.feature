Feature: Fault never fired
  The scenario ends before the trouble it is about has come as often as declared.

  Scenario: Refused commits are tried again
    Given topic "orders" with 1 partition
    And application "shipping" is the reference "group-consumer" in group "shipping" reading "orders"
    And 10 records from generator "orders" are in "orders"
    And the next 20 OffsetCommit requests from "shipping" fail with COORDINATOR_NOT_AVAILABLE
    When "shipping" has processed at least 10 records
    Then every record of "orders" was processed in group "shipping" exactly once
