Feature: Dead letters
  A record that cannot be processed must not stop its partition, and must not be lost: it is set aside whole, with the reason.

  Background:
    Given topic "orders" with 3 partitions
    And topic "orders_dlq" with 1 partition
    And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"

  Scenario: A poison pill is set aside whole, and the records behind it go on
    Given these records are in "orders":
      | key | value         | headers.trace | timestamp            |
      | u1  | {"amount": 5} | a             | 2026-01-05T10:00:00Z |
      | u1  | not json      | b             | 2026-01-05T10:00:01Z |
      | u1  | {"amount": 7} | c             | 2026-01-05T10:00:02Z |
    When "shipping" has caught up with "orders"
    Then "shipping" processed exactly 2 records
    And "orders_dlq" contains exactly:
      | key | value    | headers.trace | timestamp            | headers.dlq-source-topic | headers.dlq-error-class | headers.dlq-attempts |
      | u1  | not json | b             | 2026-01-05T10:00:01Z | orders                   | decode                  | 1                    |
    And every record of "orders" was either processed by "shipping" or is in "orders_dlq", exactly once

  Scenario: The dead letter says where the record was and what was wrong with it
    Given these records are in "orders":
      | partition | key | value         |
      | 2         | u1  | {"amount": 5} |
      | 2         | u1  | {"amount":    |
    When "shipping" has caught up with "orders"
    Then "orders_dlq" contains exactly:
      | headers.dlq-source-partition | headers.dlq-source-offset | headers.dlq-source-timestamp | headers.dlq-error-message |
      | 2                            | 1                         | <number>                     | /JSON/                    |

  Scenario: Bytes that are no text at all arrive as they were
    Given these records are in "orders":
      | key      | value        | headers.raw |
      | 0x00ff10 | 0xdeadbeef00 | 0xfffe      |
    When "shipping" has caught up with "orders"
    Then "orders_dlq" contains exactly:
      | key      | value        | headers.raw |
      | 0x00ff10 | 0xdeadbeef00 | 0xfffe      |

  Scenario: Simulated failures are set aside, each exactly once, and the same ones in every run
    Given topic "orders2" with 3 partitions
    And topic "orders2_dlq" with 1 partition
    And application "tester" is the reference "dlq-consumer" in group "tester" reading "orders2"
      | fail-rate | 10% |
      | fail-seed | 7   |
    And 3_000 records from generator "orders" are in "orders2"
    When "tester" has caught up with "orders2"
    Then "orders2_dlq" contains at least 240 records
    And every record of "orders2" was either processed by "tester" or is in "orders2_dlq", exactly once

  Scenario: A transient failure is retried and not set aside
    Given topic "payments" with 1 partition
    And topic "payments_dlq" with 1 partition
    And application "billing" is the reference "dlq-consumer" in group "billing" reading "payments"
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

  Scenario: A failure that does not pass is set aside with the number of attempts
    Given topic "payments" with 1 partition
    And topic "payments_dlq" with 1 partition
    And application "billing" is the reference "dlq-consumer" in group "billing" reading "payments"
      | fail-transient | 100  |
      | retries        | 3    |
      | retry-backoff  | 10ms |
    And the record "{}" is in "payments"
    When "billing" has caught up with "payments"
    Then "payments_dlq" contains exactly:
      | value | headers.dlq-attempts |
      | {}    | 4                    |

  Scenario: Nothing is lost or repeated when the consumer is stopped and started again
    Given 500 records from generator "orders-with-poison" are in "orders"
    When application "shipping" is stopped
    And 500 records from generator "orders-with-poison" are sent to "orders"
    And application "shipping" is restarted
    Then once "shipping" has caught up, every record of "orders" was either processed by "shipping" or is in "orders_dlq", exactly once

  Scenario: After a crash nothing is lost
    Given topic "parcels" with 3 partitions
    And topic "parcels_dlq" with 1 partition
    And application "packing" is the reference "dlq-consumer" in group "packing" reading "parcels"
      | session-timeout    | 2s    |
      | heartbeat-interval | 200ms |
      | fail-transient     | 1     |
      | transient-rate     | 5%    |
    And 500 records from generator "orders-with-poison" are in "parcels"
    When "packing" has processed at least 50 records
    And application "packing" is killed
    And 500 records from generator "orders-with-poison" are sent to "parcels"
    And application "packing" is restarted
    And within 30s "packing" has caught up with "parcels"
    Then every record of "parcels" was processed by "packing" or is in "parcels_dlq", at least once

  Scenario: The offset is not committed while the dead letter cannot be written
    Given topic "parcels" with 1 partition
    And topic "parcels_dlq" with 1 partition
      | max.message.bytes | 500 |
    And application "packing" is the reference "dlq-consumer" in group "packing" reading "parcels"
    And these records are in "parcels":
      | key | value         |
      | u1  | {"amount": 5} |
    And a record of 2kB is in "parcels"
    Then application "packing" fails with "offset=1"
    And "packing" committed no offset of "parcels" ahead of its work, with dead letters in "parcels_dlq"
    And "parcels_dlq" is empty

  Scenario: The offset is committed only after the dead letter is safe
    Given the next 3 Produce requests from "shipping" to "orders_dlq" fail with NOT_LEADER_OR_FOLLOWER
    When the record "not json" is sent to "orders"
    Then within 30s "orders_dlq" contains exactly 1 record
    And once "shipping" has caught up, "shipping" committed no offset of "orders" before the dead letter was acknowledged

  Scenario: Dead letters are sent back, and the attempts add up
    Given these records are in "orders":
      | key | value    | headers.trace |
      | u1  | not json | b             |
    And application "redrive" is the reference "dlq-redrive" in group "redrive" reading "orders_dlq"
    When "shipping" has caught up with "orders"
    And application "redrive" is started
    And application "redrive" has finished
    And "shipping" has caught up with "orders"
    Then "orders" contains exactly:
      | key | value    | headers.trace | headers.dlq-attempts | headers.dlq-source-topic |
      | u1  | not json | b             | <absent>             | <absent>                 |
      | u1  | not json | b             | 1                    | <absent>                 |
    And "orders_dlq" contains in order:
      | key | value    | headers.trace | headers.dlq-attempts |
      | u1  | not json | b             | 1                    |
      | u1  | not json | b             | 2                    |

  Scenario: In transactions, records and dead letters are exactly once even when the consumer crashes
    Given topic "invoices" with 3 partitions
    And topic "invoices_dlq" with 1 partition
    And application "archive" is the reference "dlq-consumer" in group "archive" reading "invoices"
      | transactional      | true  |
      | session-timeout    | 2s    |
      | heartbeat-interval | 200ms |
      | fail-transient     | 1     |
      | transient-rate     | 5%    |
    And 500 records from generator "orders-with-poison" are in "invoices"
    When "archive" has processed at least 50 records
    And application "archive" is killed
    And 500 records from generator "orders-with-poison" are sent to "invoices"
    And application "archive" is restarted
    And within 30s "archive" has caught up with "invoices"
    Then no record of "invoices" has two dead letters in "invoices_dlq"
