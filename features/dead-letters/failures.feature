Feature: Failures are retried, or set aside
  A failure that may pass is tried again. One that does not pass is set aside with the number of attempts.

  Background:
    Given topic "payments" with 3 partitions
    And topic "payments_dlq" with 1 partition

  Scenario: Simulated failures are set aside, each exactly once
    Given application "tester" is the reference "dlq-consumer" in group "tester" reading "payments"
      | fail-rate | 10% |
      | fail-seed | 7   |
    And 3_000 records from generator "orders" are in "payments"
    When within 30s "tester" has caught up with "payments"
    Then "payments_dlq" contains at least 240 records
    And every record of "payments" was either processed by "tester" or is in "payments_dlq", exactly once

  Scenario: A transient failure is retried and not set aside
    Given application "billing" is the reference "dlq-consumer" in group "billing" reading "payments"
      | fail-transient | 2    |
      | retry-backoff  | 20ms |
    And these records are in "payments":
      | key | value         |
      | u1  | {"amount": 5} |
      | u2  | {"amount": 6} |
    When "billing" has caught up with "payments"
    Then "payments_dlq" is empty
    And "billing" processed exactly 2 records
    And "billing" retried exactly 4 times

  Scenario: A failure that does not pass is set aside with its attempts
    Given application "billing" is the reference "dlq-consumer" in group "billing" reading "payments"
      | fail-transient | 100  |
      | retries        | 3    |
      | retry-backoff  | 10ms |
    And the record "{}" is in "payments"
    When "billing" has caught up with "payments"
    Then "payments_dlq" contains exactly:
      | value | headers.dlq-attempts |
      | {}    | 4                    |

  Scenario: A retry waits
    Given application "billing" is the reference "dlq-consumer" in group "billing" reading "payments"
      | fail-transient | 2  |
      | retry-backoff  | 5s |
    And the record "{}" is in "payments"
    When "billing" has retried at least 1 time
    Then for 300ms "billing" retried exactly 1 time

  Scenario: Records of an aborted transaction are not processed
    Given application "billing" is the reference "dlq-consumer" in group "billing" reading "payments"
    When a transaction with 3 records in "payments" partition 0 is open
    And the open transaction is aborted
    And 1 record is sent to "payments" partition 0
    And "billing" has caught up with "payments"
    Then "billing" processed exactly 1 record
    And "payments_dlq" is empty
