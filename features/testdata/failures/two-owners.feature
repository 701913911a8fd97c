Feature: Two owners
  The leader of the group gives each partition to every member.

  Scenario: Members never have a partition in common
    Given topic "orders" with 4 partitions
    And application "first" is the reference "wrong/group-given-to-all" in group "shipping" reading "orders"
      | assignor        | range |
      | session-timeout | 6s    |
    And application "second" is the reference "wrong/group-given-to-all" in group "shipping" reading "orders"
      | assignor        | range |
      | session-timeout | 6s    |
    And 40 records from generator "orders" are in "orders"
    When application "first" is started
    And application "second" is started
    And within 30s "second" owns at least 2 partitions of "orders"
    Then no partition of "orders" had two owners in group "shipping"
