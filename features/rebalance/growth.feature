Feature: A topic gains partitions
  The new partitions are shared out and read from their beginning.

  Background:
    Given topic "orders" with 6 partitions

  Scenario Outline: New partitions are shared out and read (<assignor>)
    Given application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor         | <assignor> |
      | session-timeout  | 6s         |
      | metadata-max-age | 500ms      |
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor         | <assignor> |
      | session-timeout  | 6s         |
      | metadata-max-age | 500ms      |
    And 500 records from generator "orders" are in "orders"
    When within 30s "first" owns 3 partitions of "orders"
    And topic "orders" is grown to 10 partitions
    And 1_000 records from generator "orders" are sent to "orders"
    And within 60s "first" owns 5 partitions of "orders"
    And within 30s "second" owns 5 partitions of "orders"
    And within 30s "first" has caught up with "orders"
    Then every record of "orders" was processed in group "shipping" exactly once
    And no partition of "orders" had two owners in group "shipping"
    And every partition of "orders" that was given up in group "shipping" was committed before

    Examples:
      | assignor           |
      | cooperative-sticky |
      | range              |
      | uniform            |
