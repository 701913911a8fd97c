Feature: Shipping in a group
  Orders are shipped once, whoever of the group has their partition.

  Scenario: What is shipped is committed before a partition is given up
    Given topic "orders" with 4 partitions
    And application "first" is the profile's "shipping" in group "shipping" reading "orders"
      | commit-every | 1m |
    And application "second" is the profile's "shipping" in group "shipping" reading "orders"
      | commit-every | 1m |
    And 400 records from generator "orders" are in "orders"
    When application "first" is started
    And within 30s "first" has processed at least 400 records
    And application "second" is started
    And within 30s "second" owns 2 partitions of "orders"
    And 100 records from generator "orders" are sent to "orders"
    And application "second" is stopped
    And within 30s "first" owns 4 partitions of "orders"
    Then every partition of "orders" that was given up in group "shipping" was committed before
    And no partition of "orders" had two owners in group "shipping"
    And every record of "orders" was processed in group "shipping" exactly once
