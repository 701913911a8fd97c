Feature: Fan-in
  Payments meet the user as he or she was when they were made, in whatever order the two topics arrive. Each payment has exactly one result.

  Background:
    Given topic "user_events" with 2 partitions
    And topic "payment_events" with 2 partitions
    And topic "enriched_events" with 2 partitions
    And topic "unmatched_payments" with 1 partition
    And topic "joins_changelog" with 2 partitions
      | cleanup.policy | compact |

  Scenario: The user in force at the payment's time is joined, not the newest
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | commit-interval | 20ms |
    And these records are in "user_events":
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

  Scenario: A payment that comes before its user waits for it
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | commit-interval | 20ms |
      | wait            | 5m   |
    And these records are in "payment_events":
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

  Scenario: A payment whose user does not come leaves whole when its wait is over, and not before
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | commit-interval | 20ms |
      | wait            | 5m   |
    And these records are in "user_events":
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

  Scenario: Time goes on with the payments, too, once there is no user left to read
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | commit-interval | 20ms |
      | wait            | 5m   |
    And these records are in "user_events":
      | key | value           | timestamp            |
      | u1  | {"name": "Ada"} | 2026-03-01T10:00:00Z |
    And these records are in "payment_events":
      | key | value                | timestamp            |
      | u1  | {"payment_id": "p1"} | 2026-03-01T10:01:00Z |
      | u1  | {"payment_id": "p2"} | 2026-03-01T10:06:00Z |
    Then "enriched_events" contains exactly:
      | key | value.payment_id | value.user.name |
      | u1  | p1               | Ada             |

  Scenario: When too many payments wait, the oldest leaves, and says why
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | commit-interval | 20ms |
      | buffer          | 2    |
    And these records are in "payment_events":
      | key | value                | timestamp            |
      | u1  | {"payment_id": "p1"} | 2026-03-01T10:00:02Z |
      | u1  | {"payment_id": "p2"} | 2026-03-01T10:00:01Z |
      | u1  | {"payment_id": "p3"} | 2026-03-01T10:00:03Z |
    When "joiner" has caught up with "payment_events"
    Then "unmatched_payments" contains exactly:
      | key | value                | headers.join-reason |
      | u1  | {"payment_id": "p2"} | buffer-full         |

  Scenario: A tombstone removes a user from its time on, and not before
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | commit-interval | 20ms |
    And these records are in "user_events":
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

  Scenario: A payment that comes late still meets the user of its time
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | commit-interval | 20ms |
      | wait            | 1m   |
      | history         | 1h   |
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

  Scenario: What cannot be merged is not lost, and what stands behind it goes on
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | commit-interval | 20ms |
    And these records are in "user_events":
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

  Scenario: Users first, and payments when all users have been read
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | commit-interval | 20ms |
      | wait            | 10m  |
    When 200 records from generator "users" are sent to "user_events"
    And "joiner" has caught up with "user_events"
    And 600 records from generator "payments" are sent to "payment_events"
    And "joiner" has caught up with "payment_events"
    And event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    And "joiner" has caught up with "user_events"
    Then "enriched_events" holds the join of "payment_events" with "user_events" as "user", by "payment_id", and "unmatched_payments" what found no match

  Scenario: Payments first, and users when all payments have been read, gives the same
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | commit-interval | 20ms |
      | wait            | 10m  |
    When 600 records from generator "payments" are sent to "payment_events"
    And "joiner" has caught up with "payment_events"
    And 200 records from generator "users" are sent to "user_events"
    And "joiner" has caught up with "user_events"
    And event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    And "joiner" has caught up with "user_events"
    Then "enriched_events" holds the join of "payment_events" with "user_events" as "user", by "payment_id", and "unmatched_payments" what found no match

  Scenario: A joiner that starts late reads both topics in the order of their times
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | commit-interval | 20ms |
      | wait            | 30s  |
    And 600 records from generator "payments" are in "payment_events"
    And 600 records from generator "payments-later" are in "payment_events"
    And 200 records from generator "users" are in "user_events"
    And 200 records from generator "users-later" are in "user_events"
    When application "joiner" is started
    And event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    And "joiner" has caught up with "user_events"
    Then "enriched_events" holds the join of "payment_events" with "user_events" as "user", by "payment_id", and "unmatched_payments" what found no match

  Scenario: Topics with different numbers of partitions are refused
    Given topic "card_payments" with 3 partitions
    And application "cards" is the reference "joiner" in group "cards" reading "user_events" and "card_payments"
      | payments | card_payments |
    When application "cards" is started
    Then application "cards" fails with "has 3 partitions, want 2"

  Scenario: Topics with different numbers of partitions are joined where repartitioning is asked for
    Given topic "card_payments" with 3 partitions
    And topic "card_payments_by_user" with 2 partitions
    And application "cards" is the reference "joiner" in group "cards" reading "user_events" and "card_payments"
      | payments          | card_payments         |
      | repartition       | true                  |
      | repartition-topic | card_payments_by_user |
      | commit-interval   | 20ms                  |
      | wait              | 10m                   |
    And 200 records from generator "users" are in "user_events"
    And 600 records from generator "payments" are in "card_payments"
    When "cards" has caught up with "card_payments"
    Then every record of "card_payments" is in "card_payments_by_user" exactly once
    When event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    Then "enriched_events" holds the join of "card_payments" with "user_events" as "user", by "payment_id", and "unmatched_payments" what found no match

  Scenario: What waits and what is known survives a restart
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | commit-interval | 20ms |
      | wait            | 30s  |
    And 200 records from generator "users" are in "user_events"
    And 600 records from generator "payments" are in "payment_events"
    When "joiner" has caught up with "payment_events"
    And application "joiner" is restarted
    And 200 records from generator "users-later" are sent to "user_events"
    And 600 records from generator "payments-later" are sent to "payment_events"
    And "joiner" has caught up with "payment_events"
    And application "joiner" is restarted
    And event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    And "joiner" has caught up with "user_events"
    Then "enriched_events" holds the join of "payment_events" with "user_events" as "user", by "payment_id", and "unmatched_payments" what found no match

  Scenario: A crash in the middle of a transaction loses and repeats nothing
    Given application "joiner" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | commit-interval     | 20ms  |
      | wait                | 30s   |
      | session-timeout     | 1s    |
      | rebalance-timeout   | 2s    |
      | heartbeat-interval  | 100ms |
      | transaction-timeout | 3s    |
    And 200 records from generator "users" are in "user_events"
    And 600 records from generator "payments" are in "payment_events"
    When "joiner" has caught up with "payment_events"
    And the next 1 EndTxn request from "joiner" is held
    And 200 records from generator "users-later" are sent to "user_events"
    And 600 records from generator "payments-later" are sent to "payment_events"
    And a request is held
    And application "joiner" is killed
    And application "joiner" is restarted
    And event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    And within 30s "joiner" has caught up with "user_events"
    Then within 30s every record of "payment_events" has exactly one result in "enriched_events" or "unmatched_payments", by "payment_id"
    And "enriched_events" holds the join of "payment_events" with "user_events" as "user", by "payment_id", and "unmatched_payments" what found no match

  Scenario: When an instance joins and another one crashes, payments and users go with their partitions
    Given application "joiner-1" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | commit-interval    | 20ms  |
      | wait               | 30s   |
      | session-timeout    | 1s    |
      | rebalance-timeout  | 2s    |
      | heartbeat-interval | 100ms |
    And application "joiner-2" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | commit-interval    | 20ms  |
      | wait               | 30s   |
      | session-timeout    | 1s    |
      | rebalance-timeout  | 2s    |
      | heartbeat-interval | 100ms |
    And 200 records from generator "users" are in "user_events"
    And 600 records from generator "payments" are in "payment_events"
    When application "joiner-1" is started
    And "joiner-1" has caught up with "payment_events"
    And application "joiner-2" is started
    Then group "joins" has 2 members
    When 200 records from generator "users-later" are sent to "user_events"
    And 600 records from generator "payments-later" are sent to "payment_events"
    And application "joiner-1" is killed
    And event time goes on to "2026-03-01T11:00:00Z" in "user_events"
    And within 30s "joiner-2" has caught up with "user_events"
    Then within 30s "enriched_events" holds the join of "payment_events" with "user_events" as "user", by "payment_id", and "unmatched_payments" what found no match

  Scenario: An instance that froze and wakes up cannot write results a second time
    Given application "joiner-1" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | commit-interval    | 20ms  |
      | wait               | 30s   |
      | session-timeout    | 1s    |
      | rebalance-timeout  | 2s    |
      | heartbeat-interval | 100ms |
    And application "joiner-2" is the reference "joiner" in group "joins" reading "user_events" and "payment_events"
      | commit-interval    | 20ms  |
      | wait               | 30s   |
      | session-timeout    | 1s    |
      | rebalance-timeout  | 2s    |
      | heartbeat-interval | 100ms |
    And 200 records from generator "users" are in "user_events"
    And 600 records from generator "payments" are in "payment_events"
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
    Then within 30s "enriched_events" holds the join of "payment_events" with "user_events" as "user", by "payment_id", and "unmatched_payments" what found no match
