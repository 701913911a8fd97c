Feature: Retry producer
  A producer gets each record into its topic exactly once through every passing trouble, waiting longer from attempt to attempt, and sets aside,
  whole and with the reason, what the topic will not take.

  Scenario Outline: Every record arrives once and in order, when Produce requests <trouble>
    Given topic "events" with 3 partitions
    And topic "events_dlq" with 1 partition
    And application "sender" is the reference "retry-producer" writing "events"
      | events      | 300  |
      | round       | 50   |
      | first-delay | 20ms |
    And the next 3 Produce requests from "sender" <trouble>
    When application "sender" has finished
    Then field "seq" of "events" runs from 0 to 299, each exactly once
    And every key of "events" is on the partition of Kafka's default partitioner
    And "sender" retried exactly 3 times
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

  Scenario: Every record arrives once and in order, when the leader moves in the middle
    Given a cluster of at least 3 brokers
    And topic "events" with 3 partitions
    And topic "events_dlq" with 1 partition
    And application "sender" is the reference "retry-producer" writing "events"
      | events      | 300  |
      | round       | 50   |
      | first-delay | 20ms |
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

  @exclusive
  Scenario Outline: Every record arrives once and in order, when the leader's broker is <ended> in the middle and <brought back>
    Given topic "events" with 3 partitions
    And topic "events_dlq" with 1 partition
    And application "sender" is the reference "retry-producer" writing "events"
      | events      | 300   |
      | round       | 50    |
      | first-delay | 20ms  |
      | max-delay   | 500ms |
      | attempts    | 1_000 |
    And every Produce request from "sender" to "events" partition 0 after the first 2 is held
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
    And "events_dlq" is empty

    Examples:
      | ended   | brought back |
      | stopped | started      |
      | killed  | started      |
      | paused  | resumed      |

  @exclusive
  Scenario: Every record arrives once and in order, when the leader's broker is killed and stays away
    Given a cluster of at least 3 brokers
    And topic "events" with 3 partitions
    And topic "events_dlq" with 1 partition
    And application "sender" is the reference "retry-producer" writing "events"
      | events      | 300   |
      | round       | 50    |
      | first-delay | 20ms  |
      | max-delay   | 500ms |
      | attempts    | 1_000 |
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
    And "events_dlq" is empty

  Scenario Outline: The wait grows from attempt to attempt, when Produce requests <trouble>
    Given topic "events" with 1 partition
    And topic "events_dlq" with 1 partition
    And application "sender" is the reference "retry-producer" writing "events"
      | events      | 20    |
      | first-delay | 50ms  |
      | factor      | 2     |
      | max-delay   | 200ms |
      | jitter      | 20%   |
    And the next 5 Produce requests from "sender" to "events" <trouble>
    When application "sender" has finished
    Then the retries of "sender" to "events" wait 50ms, growing by 2 up to 200ms, within 20%
    And the writes of "sender" to "events" are idempotent
    And "events" contains exactly 20 records

    Examples:
      | trouble                          |
      | fail with NOT_LEADER_OR_FOLLOWER |
      | fail with NOT_ENOUGH_REPLICAS    |
      | fail with REQUEST_TIMED_OUT      |

  Scenario: The wait grows after lost connections too
    Given topic "events" with 1 partition
    And topic "events_dlq" with 1 partition
    And application "sender" is the reference "retry-producer" writing "events"
      | events      | 20   |
      | first-delay | 30ms |
      | factor      | 3    |
      | jitter      | 0%   |
    And the next 3 Produce requests from "sender" are cut off after the broker acted
    When application "sender" has finished
    Then the retries of "sender" to "events" wait 30ms, growing by 3 up to 10s, within 0%
    And field "seq" of "events" runs from 0 to 19, each exactly once

  Scenario: A record that is too large is set aside whole
    Given topic "events" with 3 partitions
      | max.message.bytes | 2_000 |
      | retention.ms      | -1    |
    And topic "events_dlq" with 1 partition
      | retention.ms | -1 |
    And application "sender" is the reference "retry-producer" writing "events"
      | events         | 30                   |
      | oversize-every | 15                   |
      | start          | 2026-01-05T10:00:00Z |
    When application "sender" has finished
    Then "events" contains exactly 28 records
    And "events_dlq" contains exactly:
      | key         | value.seq | headers.seq | timestamp                | headers.dlq-source-topic | headers.dlq-error-class | headers.dlq-error-message | headers.dlq-attempts |
      | user-000004 | 14        | 14          | 2026-01-05T10:00:00.014Z | events                   | MESSAGE_TOO_LARGE       | /MESSAGE_TOO_LARGE/       | <number>             |
      | user-000009 | 29        | 29          | 2026-01-05T10:00:00.029Z | events                   | MESSAGE_TOO_LARGE       | /MESSAGE_TOO_LARGE/       | <number>             |

  Scenario Outline: A record refused with <error> is set aside, and those behind it go on
    Given topic "events" with 1 partition
    And topic "events_dlq" with 1 partition
    And application "sender" is the reference "retry-producer" writing "events"
      | events | 5 |
      | round  | 1 |
    And the next 2 Produce requests from "sender" to "events" fail with <error>
    When application "sender" has finished
    Then "events_dlq" contains exactly:
      | key         | value.seq | headers.seq | headers.dlq-source-topic | headers.dlq-error-class | headers.dlq-error-message | headers.dlq-attempts |
      | user-000000 | 0         | 0           | events                   | <error>                 | /./                       | 1                    |
      | user-000001 | 1         | 1           | events                   | <error>                 | /./                       | 1                    |
    And field "seq" of "events" runs from 2 to 4, each exactly once
    And "sender" retried exactly 0 times

    Examples:
      | error                      |
      | INVALID_RECORD             |
      | TOPIC_AUTHORIZATION_FAILED |

  Scenario: A batch that is refused is sent again record by record, to find the one at fault
    Given topic "events" with 1 partition
    And topic "events_dlq" with 1 partition
    And application "sender" is the reference "retry-producer" writing "events"
      | events | 20 |
    And the next 2 Produce requests from "sender" to "events" fail with INVALID_RECORD
    When application "sender" has finished
    Then "events_dlq" contains exactly:
      | key         | headers.seq | headers.dlq-attempts |
      | user-000000 | 0           | 1                    |
    And field "seq" of "events" runs from 1 to 19, each exactly once
    And the writes of "sender" to "events" are idempotent

  Scenario: A record whose attempts are used up is set aside
    Given topic "events" with 1 partition
    And topic "events_dlq" with 1 partition
    And application "sender" is the reference "retry-producer" writing "events"
      | events      | 5    |
      | attempts    | 4    |
      | first-delay | 10ms |
    And the next 4 Produce requests from "sender" to "events" fail with NOT_ENOUGH_REPLICAS
    When application "sender" has finished
    Then "events_dlq" contains exactly:
      | key         | headers.seq | headers.dlq-error-class | headers.dlq-attempts |
      | user-000000 | 0           | NOT_ENOUGH_REPLICAS     | 4                    |
    And field "seq" of "events" runs from 1 to 4, each exactly once

  Scenario: Records to a topic that does not exist are set aside
    Given topic "events" with 1 partition
    And topic "letters" with 1 partition
    And application "sender" is the reference "retry-producer" writing "events"
      | topic             | nowhere-to-be-found |
      | dead-letter-topic | letters             |
      | events            | 2                   |
      | first-delay       | 10ms                |
    When application "sender" has finished
    Then "letters" contains exactly:
      | key         | headers.seq | headers.dlq-source-topic | headers.dlq-error-class    |
      | user-000000 | 0           | nowhere-to-be-found      | UNKNOWN_TOPIC_OR_PARTITION |
      | user-000001 | 1           | nowhere-to-be-found      | UNKNOWN_TOPIC_OR_PARTITION |

  Scenario: A transient error of the dead-letter topic is healed as any other
    Given topic "events" with 1 partition
    And topic "events_dlq" with 1 partition
    And application "sender" is the reference "retry-producer" writing "events"
      | events      | 3    |
      | first-delay | 10ms |
    And the next 1 Produce request from "sender" to "events" fail with INVALID_RECORD
    And the next 2 Produce requests from "sender" to "events_dlq" fail with NOT_LEADER_OR_FOLLOWER
    When application "sender" has finished
    Then "events_dlq" contains exactly 1 record
    And "sender" retried exactly 2 times

  Scenario: A dead letter that cannot be written ends the producer, and the log names the record
    Given topic "events" with 1 partition
    And topic "events_dlq" with 1 partition
    And application "sender" is the reference "retry-producer" writing "events"
      | events | 3 |
    And the next 1 Produce request from "sender" to "events" fail with INVALID_RECORD
    And the next 1 Produce request from "sender" to "events_dlq" fail with TOPIC_AUTHORIZATION_FAILED
    Then application "sender" fails with "TOPIC_AUTHORIZATION_FAILED"
    And "sender" said "msg=undelivered topic=events key=user-000000 seq=0 " exactly 1 time
    And "events_dlq" is empty
