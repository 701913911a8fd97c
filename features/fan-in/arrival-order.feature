Feature: Any order of arrival gives the same
  Users first, payments first, or both at once: each payment has the same result.

  Background:
    Given topic "user_events" with 2 partitions
    And topic "payment_events" with 2 partitions
    And topic "enriched_events" with 2 partitions
    And topic "unmatched_payments" with 1 partition
    And topic "joins_changelog" with 2 partitions
      | cleanup.policy | compact |

  Scenario: Users first, payments afterwards
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | wait | 10m |
    When 200 records from generator "users" are sent to "user_events"
    And "joiner" has caught up with "user_events"
    And 600 records from generator "payments" are sent to "payment_events"
    And "joiner" has caught up with "payment_events"
    And event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    And "joiner" has caught up with "user_events"
    Then "enriched_events" holds the join of "payment_events" with "user_events":
      | by       | payment_id         |
      | field    | user               |
      | no-match | unmatched_payments |

  Scenario: Payments first, users afterwards
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | wait | 10m |
    When 600 records from generator "payments" are sent to "payment_events"
    And "joiner" has caught up with "payment_events"
    And 200 records from generator "users" are sent to "user_events"
    And "joiner" has caught up with "user_events"
    And event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    And "joiner" has caught up with "user_events"
    Then "enriched_events" holds the join of "payment_events" with "user_events":
      | by       | payment_id         |
      | field    | user               |
      | no-match | unmatched_payments |

  Scenario: A joiner that starts late reads both topics in order of time
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | wait | 30s |
    And 600 records from generator "payments" are in "payment_events"
    And 600 records from generator "payments-later" are in "payment_events"
    And 200 records from generator "users" are in "user_events"
    And 200 records from generator "users-later" are in "user_events"
    When application "joiner" is started
    And event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    And "joiner" has caught up with "user_events"
    Then "enriched_events" holds the join of "payment_events" with "user_events":
      | by       | payment_id         |
      | field    | user               |
      | no-match | unmatched_payments |
