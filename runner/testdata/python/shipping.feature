Feature: An application in Python
  It is told where its topics are by its environment, and its log lines are facts by the profile's patterns.

  Scenario: Poison is set aside
    Given topic "orders" with 3 partitions
    And topic "orders_dlq" with 1 partition
    And application "shipping" of the profile is in group "shipping" reading "orders"
    And these records are in "orders":
      | key | value         |
      | u1  | {"amount": 5} |
      | u1  | not json      |
    When within 60s "shipping" has caught up with "orders"
    Then "shipping" processed exactly 1 record
    And every record of "orders" was either processed by "shipping" or is in "orders_dlq", exactly once
    And "orders_dlq" contains exactly:
      | key | value    |
      | u1  | not json |

  Scenario: A lost acknowledgement of its own commit does not make it lose a record
    Given topic "orders" with 1 partition
    And topic "orders_dlq" with 1 partition
    And application "shipping" of the profile is in group "shipping" reading "orders"
    And the next 1 OffsetCommit request from "shipping" are cut off after the broker acted
    And the record "{}" is in "orders"
    When within 60s "shipping" has caught up with "orders"
    Then every record of "orders" was processed by "shipping" or is in "orders_dlq", at least once

  Scenario: Its group takes longer than its poll
    Given topic "orders" with 1 partition
    And topic "orders_dlq" with 1 partition
    And application "shipping" of the profile is in group "shipping" reading "orders"
    And every SyncGroup request from "shipping" is delayed by 500ms
    And the record "{}" is in "orders"
    When within 60s "shipping" has caught up with "orders"
    Then every record of "orders" was processed by "shipping" or is in "orders_dlq", at least once
