Feature: The user of the payment's time
  A payment meets the user as he or she was when it was made, in whatever order the two topics arrive.

  Background:
    Given topic "user_events" with 2 partitions
    And topic "payment_events" with 2 partitions
    And topic "enriched_events" with 2 partitions
    And topic "unmatched_payments" with 1 partition
    And topic "joins_changelog" with 2 partitions
      | cleanup.policy | compact |
    And application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"

  Scenario: The user in force at the payment's time is joined
    Given these records are in "user_events":
      | key | value                    | timestamp            |
      | u1  | {"name": "Ada"}          | 2026-03-01T10:00:00Z |
      | u1  | {"name": "Ada Lovelace"} | 2026-03-01T10:02:00Z |
      | u2  | {"name": "Bob"}          | 2026-03-01T10:01:00Z |
    And these records are in "payment_events":
      | key | value                              | headers.trace | timestamp                |
      | u1  | {"payment_id": "p1", "amount": 5}  | a             | 2026-03-01T10:01:59.999Z |
      | u1  | {"payment_id": "p2", "amount": 7}  | b             | 2026-03-01T10:02:00Z     |
      | u2  | {"payment_id": "p3", "amount": 11} | c             | 2026-03-01T10:03:00Z     |
    When event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    Then "enriched_events" contains exactly:
      | key | value.payment_id | value.amount | value.user.name | headers.trace | timestamp                |
      | u1  | p1               | 5            | Ada             | a             | 2026-03-01T10:01:59.999Z |
      | u1  | p2               | 7            | Ada Lovelace    | b             | 2026-03-01T10:02:00Z     |
      | u2  | p3               | 11           | Bob             | c             | 2026-03-01T10:03:00Z     |
    And "unmatched_payments" is empty

  Scenario: A tombstone removes a user from its time on, and not before
    Given these records are in "user_events":
      | key | value             | timestamp            |
      | u1  | {"name": "Ada"}   | 2026-03-01T10:00:00Z |
      | u1  | null              | 2026-03-01T10:02:00Z |
      | u1  | {"name": "Ada 2"} | 2026-03-01T10:03:00Z |
    And these records are in "payment_events":
      | key | value                | timestamp                |
      | u1  | {"payment_id": "p1"} | 2026-03-01T10:01:59.999Z |
      | u1  | {"payment_id": "p2"} | 2026-03-01T10:02:00Z     |
      | u1  | {"payment_id": "p3"} | 2026-03-01T10:03:00Z     |
    When event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    Then "enriched_events" contains exactly:
      | value.payment_id | value.user.name |
      | p1               | Ada             |
      | p3               | Ada 2           |
    And "unmatched_payments" contains exactly:
      | value                | headers.join-reason |
      | {"payment_id": "p2"} | no-user             |

  Scenario: What cannot be merged is set aside, and the rest goes on
    Given these records are in "user_events":
      | key | value           | timestamp            |
      | u1  | {"name": "Ada"} | 2026-03-01T10:00:00Z |
    And these records are in "payment_events":
      | key | value                | timestamp            |
      | u1  | not json             | 2026-03-01T10:01:00Z |
      | u1  | {"payment_id": "p2"} | 2026-03-01T10:01:01Z |
    When event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    Then "enriched_events" contains exactly:
      | value.payment_id | value.user.name |
      | p2               | Ada             |
    And "unmatched_payments" contains exactly:
      | value    | headers.join-reason |
      | not json | not-json            |
