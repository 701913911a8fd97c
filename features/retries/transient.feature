Feature: Trouble that passes
  Each record arrives exactly once and in order through every trouble that passes.

  Background:
    Given topic "events" with 3 partitions
    And topic "events_dlq" with 1 partition
    And application "sender" is the reference "retry-producer" writing "events"
      | events      | 300  |
      | round       | 50   |
      | first-delay | 20ms |

  Scenario Outline: Records arrive once, in order, when Produce requests <trouble>
    Given the next 3 Produce requests from "sender" <trouble>
    When application "sender" has finished
    Then no acknowledged record of "events" was lost or replaced
    And field "seq" of "events" runs from 0 to 299, each exactly once
    And every key of "events" is on the partition of Kafka's default partitioner
    And "sender" reported as many acknowledged records as "events" holds
    And the writes of "sender" to "events" are idempotent
    And "events_dlq" is empty

    Examples:
      | trouble                                                         |
      | fail with NOT_LEADER_OR_FOLLOWER                                |
      | fail with NOT_ENOUGH_REPLICAS                                   |
      | fail with REQUEST_TIMED_OUT                                     |
      | are answered with REQUEST_TIMED_OUT after the broker acted      |
      | are answered with NOT_LEADER_OR_FOLLOWER after the broker acted |
      | are cut off before the broker acts                              |
      | are cut off after the broker acted                              |

  Scenario: Each retry is in the log
    Given the next 3 Produce requests from "sender" fail with NOT_ENOUGH_REPLICAS
    When application "sender" has finished
    Then "sender" retried exactly 3 times

  Scenario: What had no answer is sent again as what it was
    Given the next Produce request from "sender" to "events" is cut off after the broker acted
    When application "sender" has finished
    Then the writes of "sender" to "events" are idempotent

  Scenario: Records arrive once, in order, when the leader moves
    Given a cluster of at least 3 brokers
    And every Produce request from "sender" to "events" partition 0 after the first 2 is held
    When application "sender" is started
    And a request is held
    And the leader of "events" partition 0 moves to another broker
    And the held requests are released
    And application "sender" has finished
    Then "sender" retried at least 1 time
    And field "seq" of "events" runs from 0 to 299, each exactly once
    And every key of "events" is on the partition of Kafka's default partitioner
    And "sender" reported as many acknowledged records as "events" holds
    And the writes of "sender" to "events" are idempotent
    And "events_dlq" is empty
