Feature: Poison pills are set aside
  A record that cannot be processed must not stop its partition, and must not be lost: it is set aside whole, with the
  reason.

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

  Scenario: The dead letter says where the record was and what was wrong
    Given these records are in "orders":
      | partition | key | value         |
      | 2         | u1  | {"amount": 5} |
      | 2         | u1  | {"amount":    |
    When "shipping" has caught up with "orders"
    Then "orders_dlq" contains exactly:
      | headers.dlq-source-partition | headers.dlq-source-offset | headers.dlq-source-timestamp | headers.dlq-error-message |
      | 2                            | 1                         | <number>                     | /JSON/                    |

  Scenario: Bytes that are not text arrive as they were
    Given these records are in "orders":
      | key      | value        | headers.raw |
      | 0x00ff10 | 0xdeadbeef00 | 0xfffe      |
    When "shipping" has caught up with "orders"
    Then "orders_dlq" contains exactly:
      | key      | value        | headers.raw |
      | 0x00ff10 | 0xdeadbeef00 | 0xfffe      |

  Scenario: A tombstone is no poison pill
    Given these records are in "orders":
      | key | value  |
      | u1  | null   |
    When "shipping" has caught up with "orders"
    Then "shipping" processed exactly 1 record
    And "orders_dlq" is empty
