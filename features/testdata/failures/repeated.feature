Feature: Repeated
  The producer sends again what had no answer, without idempotence.

  Scenario: A lost answer repeats no record
    Given topic "events" with 3 partitions
    And topic "events_dlq" with 1 partition
    And application "sender" is the reference "wrong/retry-not-idempotent" writing "events"
      | events      | 60   |
      | round       | 20   |
      | first-delay | 20ms |
    And the next 2 Produce requests from "sender" to "events" are cut off after the broker acted
    When application "sender" has finished
    Then field "seq" of "events" runs from 0 to 59, each exactly once
