Feature: The clock of a join
  Event time decides when a payment's wait is over. It does not go back.

  Background:
    Given topic "user_events" with 2 partitions
    And topic "payment_events" with 2 partitions
    And topic "enriched_events" with 2 partitions
    And topic "unmatched_payments" with 1 partition
    And topic "joins_changelog" with 2 partitions
      | cleanup.policy | compact |
    And application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | wait | 5m |

  Scenario: A payment whose wait is over does not see a user that comes later
    Given these records are in "payment_events":
      | partition | key | value                | timestamp            |
      | 0         | u1  | {"payment_id": "p1"} | 2026-03-01T10:01:00Z |
    When "joiner" has caught up with "payment_events"
    And these records are sent to "payment_events":
      | partition | key | value                | timestamp            |
      | 0         | u1  | {"payment_id": "p2"} | 2026-03-01T10:06:00Z |
    And "joiner" has caught up with "payment_events"
    And these records are sent to "user_events":
      | partition | key | value           | timestamp            |
      | 0         | u1  | {"name": "Ada"} | 2026-03-01T10:00:00Z |
    And "joiner" has caught up with "user_events"
    Then "unmatched_payments" contains exactly:
      | key | value.payment_id |
      | u1  | p1               |

  Scenario: Event time does not go back at a restart
    When event time goes on to "2026-03-01T12:00:00Z" in "user_events"
    And "joiner" has caught up with "user_events"
    And application "joiner" is restarted
    And these records are sent to "payment_events":
      | key | value                | timestamp            |
      | u9  | {"payment_id": "p1"} | 2026-03-01T10:00:00Z |
    Then "unmatched_payments" contains exactly 1 record
