Feature: What every version of Apache Kafka can do

  Scenario: A record is sent and read
    Given topic "orders" with 1 partition
    When the record "{}" is sent to "orders"
    Then "orders" contains exactly 1 record

  Scenario Outline: Two members share a topic, and one leaves (<assignor>)
    Given topic "orders" with 4 partitions
    And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor | <assignor> |
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
      | assignor | <assignor> |
    And 40 records from generator "orders" are in "orders"
    When within 30s "second" owns 2 partitions of "orders"
    And application "second" is stopped
    And within 30s "first" owns 4 partitions of "orders"
    And within 30s "first" has caught up with "orders"
    Then no partition of "orders" had two owners in group "shipping"
    And every record of "orders" was processed in group "shipping" exactly once

    Examples:
      | assignor           |
      | range              |
      | cooperative-sticky |
      | uniform            |
