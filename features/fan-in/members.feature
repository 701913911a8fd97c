Feature: Joins move with their partitions
  Payments and users go to whoever owns their partition, and an owner that was replaced writes nothing.

  Background:
    Given topic "user_events" with 2 partitions
    And topic "payment_events" with 2 partitions
    And topic "enriched_events" with 2 partitions
    And topic "unmatched_payments" with 1 partition
    And topic "joins_changelog" with 2 partitions
      | cleanup.policy | compact |
    And application "joiner-1" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | wait            | 30s |
      | session-timeout | 2s  |
    And application "joiner-2" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | wait            | 30s |
      | session-timeout | 2s  |
    And 200 records from generator "users" are in "user_events"
    And 600 records from generator "payments" are in "payment_events"

  Scenario: One instance joins and another one crashes
    When application "joiner-1" is started
    And "joiner-1" has caught up with "payment_events"
    And application "joiner-2" is started
    Then group "joins" has 2 members
    When 200 records from generator "users-later" are sent to "user_events"
    And 600 records from generator "payments-later" are sent to "payment_events"
    And application "joiner-1" is killed
    And event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    And within 30s "joiner-2" has caught up with "user_events"
    Then within 30s "enriched_events" holds the join of "payment_events" with "user_events":
      | by       | payment_id         |
      | field    | user               |
      | no-match | unmatched_payments |

  Scenario: An instance that froze cannot write results a second time
    When application "joiner-1" is started
    And "joiner-1" has caught up with "payment_events"
    And application "joiner-1" is paused
    And application "joiner-2" is started
    And 200 records from generator "users-later" are sent to "user_events"
    And 600 records from generator "payments-later" are sent to "payment_events"
    And within 30s "joiner-2" has caught up with "payment_events"
    And application "joiner-1" is resumed
    And event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    And within 30s "joiner-2" has caught up with "user_events"
    Then within 30s "enriched_events" holds the join of "payment_events" with "user_events":
      | by       | payment_id         |
      | field    | user               |
      | no-match | unmatched_payments |
