Feature: Errors that do not pass
  What the topic will not take is set aside whole, with the reason.

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

    Examples:
      | error                      |
      | INVALID_RECORD             |
      | TOPIC_AUTHORIZATION_FAILED |

  Scenario: What is refused for good is not tried again
    Given topic "events" with 1 partition
    And topic "events_dlq" with 1 partition
    And application "sender" is the reference "retry-producer" writing "events"
      | events | 5 |
      | round  | 1 |
    And the next Produce request from "sender" to "events" fails with INVALID_RECORD
    When application "sender" has finished
    Then "sender" retried exactly 0 times
    And "events_dlq" contains exactly 1 record

  Scenario: A refused batch is sent record by record, to find the one at fault
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

  Scenario: The attempts of a record count those of its batch
    Given topic "events" with 1 partition
    And topic "events_dlq" with 1 partition
    And application "sender" is the reference "retry-producer" writing "events"
      | events | 20 |
    And the next 2 Produce requests from "sender" to "events" after the first 1 fail with INVALID_RECORD
    When application "sender" has finished
    Then "events_dlq" contains exactly:
      | key         | headers.seq | headers.dlq-attempts |
      | user-000001 | 1           | 2                    |
