Feature: Limits of what waits and what is kept
  When the buffer is full the oldest payment leaves, and users are kept for a declared time.

  Background:
    Given topic "user_events" with 2 partitions
    And topic "payment_events" with 2 partitions
    And topic "enriched_events" with 2 partitions
    And topic "unmatched_payments" with 1 partition
    And topic "joins_changelog" with 2 partitions
      | cleanup.policy | compact |

  Scenario: When too many payments wait, the oldest leaves
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | buffer | 2 |
    And these records are in "payment_events":
      | key | value                | timestamp            |
      | u1  | {"payment_id": "p1"} | 2026-03-01T10:00:02Z |
      | u1  | {"payment_id": "p2"} | 2026-03-01T10:00:01Z |
      | u1  | {"payment_id": "p3"} | 2026-03-01T10:00:03Z |
    When "joiner" has caught up with "payment_events"
    Then "unmatched_payments" contains exactly:
      | key | value                | headers.join-reason |
      | u1  | {"payment_id": "p2"} | buffer-full         |

  Scenario: A payment that comes late still meets the user of its time
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | wait    | 1m |
      | history | 1h |
    And these records are in "user_events":
      | key | value             | timestamp            |
      | u1  | {"name": "Ada 1"} | 2026-03-01T10:00:00Z |
      | u1  | {"name": "Ada 2"} | 2026-03-01T10:10:00Z |
      | u1  | {"name": "Ada 3"} | 2026-03-01T11:15:00Z |
    When "joiner" has caught up with "user_events"
    And these records are sent to "payment_events":
      | key | value                | timestamp            |
      | u1  | {"payment_id": "p1"} | 2026-03-01T10:16:00Z |
      | u1  | {"payment_id": "p2"} | 2026-03-01T10:09:00Z |
    Then "enriched_events" contains exactly:
      | value.payment_id | value.user.name |
      | p1               | Ada 2           |
    And "unmatched_payments" contains exactly:
      | value                | headers.join-reason |
      | {"payment_id": "p2"} | too-old             |
