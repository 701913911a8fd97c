Feature: Topics with different numbers of partitions
  They are refused, or joined through a topic of the right number where repartitioning is asked for.

  Background:
    Given topic "user_events" with 2 partitions
    And topic "card_payments" with 3 partitions
    And topic "enriched_events" with 2 partitions
    And topic "unmatched_payments" with 1 partition
    And topic "joins_changelog" with 2 partitions
      | cleanup.policy | compact |

  Scenario: Topics with different numbers of partitions are refused
    Given application "cards" is the reference "joiner" in group "cards" reading "user_events" and "card_payments"
      | payments | card_payments |
    When application "cards" is started
    Then application "cards" fails with "has 3 partitions, want 2"

  Scenario: Topics are joined where repartitioning is asked for
    Given topic "card_payments_by_user" with 2 partitions
    And application "cards" is the reference "joiner" in group "cards" reading "user_events" and "card_payments"
      | payments          | card_payments         |
      | repartition       | true                  |
      | repartition-topic | card_payments_by_user |
      | session-timeout   | 3s                    |
      | wait              | 10m                   |
    And 200 records from generator "users" are in "user_events"
    And 600 records from generator "payments" are in "card_payments"
    When within 30s "cards" has caught up with "card_payments"
    Then every record of "card_payments" is in "card_payments_by_user" exactly once
    When event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    Then "enriched_events" holds the join of "card_payments" with "user_events":
      | by       | payment_id         |
      | field    | user               |
      | no-match | unmatched_payments |
