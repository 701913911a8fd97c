Feature: Waits between attempts
  The producer waits longer from attempt to attempt, up to a cap.

  Background:
    Given topic "events" with 1 partition
    And topic "events_dlq" with 1 partition

  Scenario Outline: The wait grows when Produce requests <trouble>
    Given application "sender" is the reference "retry-producer" writing "events"
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
    Given application "sender" is the reference "retry-producer" writing "events"
      | events      | 20   |
      | first-delay | 30ms |
      | factor      | 3    |
      | jitter      | 0%   |
    And the next 3 Produce requests from "sender" are cut off after the broker acted
    When application "sender" has finished
    Then the retries of "sender" to "events" wait 30ms, growing by 3 up to 10s, within 0%
    And field "seq" of "events" runs from 0 to 19, each exactly once

  Scenario: The wait begins anew after a success
    Given application "sender" is the reference "retry-producer" writing "events"
      | events      | 4    |
      | round       | 1    |
      | first-delay | 20ms |
      | factor      | 10   |
      | jitter      | 0%   |
    And the next 2 Produce requests from "sender" to "events" fail with NOT_ENOUGH_REPLICAS
    And the next Produce request from "sender" to "events" after the first 3 fails with NOT_ENOUGH_REPLICAS
    When application "sender" has finished
    Then the retries of "sender" to "events" wait 20ms, growing by 10 up to 10s, within 0%
