Feature: When the dead-letter topic fails
  A record is never dropped in silence.

  Background:
    Given topic "events" with 1 partition

  Scenario: Records to a topic that does not exist are set aside
    Given topic "letters" with 1 partition
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

  Scenario: A transient error of the dead-letter topic is healed
    Given topic "events_dlq" with 1 partition
    And application "sender" is the reference "retry-producer" writing "events"
      | events      | 3    |
      | first-delay | 10ms |
    And the next Produce request from "sender" to "events" fails with INVALID_RECORD
    And the next 2 Produce requests from "sender" to "events_dlq" fail with NOT_LEADER_OR_FOLLOWER
    When application "sender" has finished
    Then "events_dlq" contains exactly 1 record

  Scenario: A dead letter that cannot be written ends the producer
    Given topic "events_dlq" with 1 partition
    And application "sender" is the reference "retry-producer" writing "events"
      | events | 3 |
    And the next Produce request from "sender" to "events" fails with INVALID_RECORD
    And the next Produce request from "sender" to "events_dlq" fails with TOPIC_AUTHORIZATION_FAILED
    Then application "sender" fails with "TOPIC_AUTHORIZATION_FAILED"
    And "sender" said "msg=undelivered topic=events key=user-000000 seq=0 " exactly 1 time
    And "events_dlq" is empty
