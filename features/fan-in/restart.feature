Feature: Joins across restarts and crashes
  What waits and what is known survives. Each payment has exactly one result.

  Background:
    Given topic "user_events" with 2 partitions
    And topic "payment_events" with 2 partitions
    And topic "enriched_events" with 2 partitions
    And topic "unmatched_payments" with 1 partition
    And topic "joins_changelog" with 2 partitions
      | cleanup.policy | compact |
    And 200 records from generator "users" are in "user_events"
    And 600 records from generator "payments" are in "payment_events"

  Scenario: What waits and what is known survives a restart
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | wait | 30s |
    When within 30s "joiner" has caught up with "payment_events"
    And application "joiner" is restarted
    And 200 records from generator "users-later" are sent to "user_events"
    And 600 records from generator "payments-later" are sent to "payment_events"
    And within 30s "joiner" has caught up with "payment_events"
    And application "joiner" is restarted
    And event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    And within 30s "joiner" has caught up with "user_events"
    Then no transaction of "joiner" is torn
    And "enriched_events" holds the join of "payment_events" with "user_events":
      | by       | payment_id         |
      | field    | user               |
      | no-match | unmatched_payments |

  Scenario: A crash in the middle of a transaction loses and repeats nothing
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | wait                | 30s |
      | session-timeout     | 2s  |
      | transaction-timeout | 3s  |
    When within 30s "joiner" has caught up with "payment_events"
    And the next EndTxn request from "joiner" is held
    And 200 records from generator "users-later" are sent to "user_events"
    And 600 records from generator "payments-later" are sent to "payment_events"
    And a request is held
    And application "joiner" is killed
    And application "joiner" is restarted
    And event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    And within 30s "joiner" has caught up with "user_events"
    Then within 30s every record of "payment_events" has exactly one result in "enriched_events" or "unmatched_payments", by "payment_id"
    And "enriched_events" holds the join of "payment_events" with "user_events":
      | by       | payment_id         |
      | field    | user               |
      | no-match | unmatched_payments |
