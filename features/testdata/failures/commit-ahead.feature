Feature: Commit ahead
  The consumer commits the offset of a record while its dead letter is still on its way.

  Scenario: The offset is committed only after the dead letter is safe
    Given topic "orders" with 1 partition
    And topic "orders_dlq" with 1 partition
    And application "shipping" is the reference "wrong/dlq-commit-before-safe" in group "shipping" reading "orders"
    And the next 3 Produce requests from "shipping" to "orders_dlq" fail with NOT_LEADER_OR_FOLLOWER
    When the record "not json" is sent to "orders"
    Then within 30s "orders_dlq" contains exactly 1 record
    When "shipping" has caught up with "orders"
    Then "shipping" committed no offset of "orders" before the dead letter was acknowledged
