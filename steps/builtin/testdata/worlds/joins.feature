Feature: Worlds in which results of a join are not as claimed

  Background:
    Given topic "users" with 1 partition
    And topic "payments" with 1 partition
    And topic "enriched" with 1 partition
    And topic "unmatched" with 1 partition

  @wrong
  Scenario Outline: a payment with the wrong user, and one without a result
    Given these records are in "users":
      | key | value           | timestamp            |
      | u1  | {"name": "Ada"} | 2026-03-01T10:00:00Z |
    And these records are in "payments":
      | key | value       | timestamp            |
      | u1  | {"id": "a"} | 2026-03-01T10:00:01Z |
      | u1  | {"id": "b"} | 2026-03-01T10:00:02Z |
    And these records are in "enriched":
      | key | value                                |
      | u1  | {"id": "a", "user": {"name": "Bob"}} |
    Then within 300ms <claim>

    Examples:
      | claim                                                                                                             |
      | every record of "payments" has exactly one result in "enriched" or "unmatched", by "id"                           |
      | "enriched" holds the join of "payments" with "users" as "user", by "id", and "unmatched" what found no match      |

  @empty
  Scenario Outline: no payment
    Then within 300ms <claim>

    Examples:
      | claim                                                                                                             |
      | every record of "payments" has exactly one result in "enriched" or "unmatched", by "id"                           |
      | "enriched" holds the join of "payments" with "users" as "user", by "id", and "unmatched" what found no match      |
