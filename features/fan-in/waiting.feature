Feature: Payments wait for their users
  A payment without its user waits up to a declared event time, then leaves as unmatched.

  Background:
    Given topic "user_events" with 2 partitions
    And topic "payment_events" with 2 partitions
    And topic "enriched_events" with 2 partitions
    And topic "unmatched_payments" with 1 partition
    And topic "joins_changelog" with 2 partitions
      | cleanup.policy | compact |
    And application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | wait | 5m |

  Scenario: A payment that comes before its user waits for it
    Given these records are in "payment_events":
      | key | value                | timestamp            |
      | u1  | {"payment_id": "p1"} | 2026-03-01T10:01:00Z |
    When "joiner" has caught up with "payment_events"
    Then for 200ms "unmatched_payments" is empty
    When these records are sent to "user_events":
      | key | value           | timestamp            |
      | u1  | {"name": "Ada"} | 2026-03-01T10:00:00Z |
    And event time goes on to "2026-03-01T10:06:00Z" in "user_events"
    Then every record of "payment_events" has exactly one result in "enriched_events" or "unmatched_payments", by "payment_id"
    And "enriched_events" contains exactly:
      | key | value.payment_id | value.user.name |
      | u1  | p1               | Ada             |
    And "unmatched_payments" is empty

  Scenario: A payment leaves whole when its wait is over, and not before
    Given these records are in "user_events":
      | key | value           | timestamp            |
      | u1  | {"name": "Ada"} | 2026-03-01T10:01:01Z |
    And these records are in "payment_events":
      | key | value                | headers.trace | timestamp            |
      | u1  | {"payment_id": "p1"} | a             | 2026-03-01T10:01:00Z |
      | u9  | {"payment_id": "p2"} | b             | 2026-03-01T10:01:00Z |
    When event time goes on to "2026-03-01T10:05:59.999Z" in "user_events"
    And "joiner" has caught up with "user_events"
    And "joiner" has caught up with "payment_events"
    Then for 200ms "unmatched_payments" is empty
    When event time goes on to "2026-03-01T10:06:00Z" in "user_events"
    Then every record of "payment_events" has exactly one result in "enriched_events" or "unmatched_payments", by "payment_id"
    And "unmatched_payments" contains exactly:
      | key | value                | headers.trace | headers.join-reason | timestamp            |
      | u1  | {"payment_id": "p1"} | a             | no-user             | 2026-03-01T10:01:00Z |
      | u9  | {"payment_id": "p2"} | b             | no-user             | 2026-03-01T10:01:00Z |
    And "enriched_events" is empty

  Scenario: Payments move event time once no user is left to read
    Given these records are in "user_events":
      | key | value           | timestamp            |
      | u1  | {"name": "Ada"} | 2026-03-01T10:00:00Z |
    And these records are in "payment_events":
      | key | value                | timestamp            |
      | u1  | {"payment_id": "p1"} | 2026-03-01T10:01:00Z |
      | u1  | {"payment_id": "p2"} | 2026-03-01T10:06:00Z |
    Then "enriched_events" contains exactly:
      | key | value.payment_id | value.user.name |
      | u1  | p1               | Ada             |
