Feature: Brokers that go away
  Each record arrives exactly once and in order when the broker that leads its partition goes away.

  Background:
    Given topic "events" with 3 partitions
    And topic "events_dlq" with 1 partition
    And application "sender" is the reference "retry-producer" writing "events"
      | events      | 300   |
      | round       | 50    |
      | first-delay | 20ms  |
      | max-delay   | 500ms |
      | attempts    | 1_000 |

  @exclusive
  Scenario Outline: Records arrive once, in order, when the leader is <ended> and <brought back>
    Given every Produce request from "sender" to "events" partition 0 after the first 2 is held
    When application "sender" is started
    And within 30s a request is held
    And the broker that leads "events" partition 0 is <ended>
    And the held requests are released
    And that broker is <brought back>
    And within 60s application "sender" has finished
    Then field "seq" of "events" runs from 0 to 299, each exactly once
    And every key of "events" is on the partition of Kafka's default partitioner
    And "sender" reported as many acknowledged records as "events" holds
    And the writes of "sender" to "events" are idempotent
    And no acknowledged record of "events" was lost or replaced
    And "events_dlq" is empty

    Examples:
      | ended   | brought back |
      | stopped | started      |
      | killed  | started      |
      | paused  | resumed      |

  @exclusive
  Scenario: Records arrive once, in order, when the leader stays away
    Given a cluster of at least 3 brokers
    And every Produce request from "sender" to "events" partition 0 after the first 2 is held
    When application "sender" is started
    And within 30s a request is held
    And the broker that leads "events" partition 0 is killed
    And the held requests are released
    And within 60s application "sender" has finished
    Then within 30s field "seq" of "events" runs from 0 to 299, each exactly once
    And every key of "events" is on the partition of Kafka's default partitioner
    And "sender" reported as many acknowledged records as "events" holds
    And the writes of "sender" to "events" are idempotent
    And no acknowledged record of "events" was lost or replaced
    And "events_dlq" is empty
