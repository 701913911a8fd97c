Feature: A member reads on
  A member reads each partition from front to back, batch by batch, and works on the records in that order.

  Scenario: A partition is read and worked on from front to back
    Given topic "orders" with 1 partition
    And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | commit-every | 50ms |
    And 300 records from generator "orders" are in "orders"
    And 30 records from generator "orders" are in "orders"
    And 30 records from generator "orders" are in "orders"
    When "first" has caught up with "orders"
    Then "first" read "orders" without skipping records or going back
    And the records of "orders" were processed in group "shipping" in order per key
    And every record of "orders" was processed in group "shipping" exactly once
