Feature: Reordered
  The consumer works on the records of a batch from the newest to the oldest.

  Scenario: The records of a key are worked on in order
    Given topic "orders" with 1 partition
    And application "first" is the reference "wrong/group-newest-first" in group "shipping" reading "orders"
      | commit-every | 50ms |
    And 60 records from generator "orders" are in "orders"
    When "first" has caught up with "orders"
    Then the records of "orders" were processed in group "shipping" in order per key
