Feature: A member joins a group
  The new owner starts where the old one has committed. cooperative-sticky and range are assignors of the classic
  protocol, the second an eager one. uniform is that of KIP-848, where brokers assign.

  Background:
    Given topic "orders" with 6 partitions

  Scenario Outline: A member that joins starts where the other has committed (<assignor>)
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 6s         |
      | work            | 10ms       |
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 6s         |
      | work            | 2ms        |
    And 600 records from generator "orders" are in "orders"
    When application "first" is started
    And within 30s "first" has processed at least 100 records
    And application "second" is started
    And within 30s "second" owns 3 partitions of "orders"
    And within 60s "first" has caught up with "orders"
    Then no partition of "orders" had two owners in group "shipping"
    And no partition of "orders" was committed in group "shipping" by one that no longer owned it
    And each new owner in group "shipping" started where the group had committed on "orders"
    And every record of "orders" was processed in group "shipping" exactly once
    And the records of "orders" were processed in group "shipping" in order per key
    And "first" read "orders" without skipping records or going back
    And every partition of "orders" that was given up in group "shipping" was committed before

    Examples:
      | assignor           |
      | cooperative-sticky |
      | range              |
      | uniform            |

  Scenario Outline: Members never have a partition in common (<assignor>)
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 6s         |
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor        | <assignor> |
      | session-timeout | 6s         |
    When application "first" is started
    And application "second" is started
    And within 30s "second" owns at least 3 partitions of "orders"
    Then no partition of "orders" had two owners in group "shipping"

    Examples:
      | assignor           |
      | cooperative-sticky |
      | range              |
      | uniform            |

  Scenario: A member says which partitions it is given
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
    Then "first" reported each partition of "orders" it was assigned
