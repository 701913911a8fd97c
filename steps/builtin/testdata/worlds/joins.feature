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

  @wrong
  Scenario Outline: a result that is drawn, with <what>
    Given the records of "payments" are written as:
      | value.when | {time in s} |
      | value.of   | {key}       |
    And the records of "enriched" are written as:
      | key        | {left.id}-{key}      |
      | value.user | {right.name}         |
      | value.city | {right.address.city} |
      | value.sum  | {left.sum}           |
      | value.id   | {left.id}            |
      | value.at   | {time}               |
    And these records are in "users":
      | key | value                                        | timestamp            |
      | u1  | {"name": "Ada", "address": {"city": "Rome"}} | 2026-03-01T10:00:00Z |
    And these records are in "payments":
      | value                                                    |
      | {"id": "a", "of": "u1", "when": 1772359200, "sum": 5.10} |
    And these records are in "enriched":
      | key   | value                                                                              |
      | <key> | {"user": <user>, "city": <city>, "sum": <sum>, "id": "a", "at": "<time>" <more>} |
    Then within 300ms "enriched" holds the join of "payments" with "users":
      | by       | id      |
      | no-match | dropped |

    Examples:
      | what             | key  | user  | city   | sum   | time                 | more         |
      | another key      | a-u2 | "Ada" | "Rome" | 5.1   | 2026-03-01T10:00:00Z |              |
      | another name     | a-u1 | "Bob" | "Rome" | 5.1   | 2026-03-01T10:00:00Z |              |
      | no city          | a-u1 | "Ada" | null   | 5.1   | 2026-03-01T10:00:00Z |              |
      | a text           | a-u1 | "Ada" | "Rome" | "5.1" | 2026-03-01T10:00:00Z |              |
      | another number   | a-u1 | "Ada" | "Rome" | 5.11  | 2026-03-01T10:00:00Z |              |
      | another time     | a-u1 | "Ada" | "Rome" | 5.1   | 2026-03-01T10:00:01Z |              |
      | invented content | a-u1 | "Ada" | "Rome" | 5.1   | 2026-03-01T10:00:00Z | , "new": 1   |

  @wrong
  Scenario Outline: what found no match is <no-match>, and there is <what>
    Given these records are in "payments":
      | key | value                    |
      | u1  | {"id": "a", "amount": 5} |
    And these records are in "<topic>":
      | key   | value   |
      | <key> | <value> |
    Then within 300ms "enriched" holds the join of "payments" with "users":
      | by       | id         |
      | field    | user       |
      | no-match | <no-match> |

    Examples:
      | no-match  | topic     | key | value                                             | what            |
      | unmatched | unmatched | u1  | {"id": "a", "amount": 5, "user": {"name": "Bob"}} | an invented user |
      | unmatched | unmatched | u2  | {"id": "a", "amount": 5}                          | another key     |
      | unmatched | unmatched | u1  | {"id": "a", "amount": 6}                          | another amount  |
      | unmatched | enriched  | u1  | {"id": "a", "amount": 5, "user": null}            | a null match    |
      | with null | enriched  | u1  | {"id": "a", "amount": 5, "user": {"name": "Bob"}} | an invented user |
      | dropped   | enriched  | u1  | {"id": "a", "amount": 5, "user": null}            | a null match    |

  @empty
  Scenario: no payment to join
    Then within 300ms "enriched" holds the join of "payments" with "users":
      | by       | id        |
      | field    | user      |
      | no-match | unmatched |

  @empty
  Scenario: no payment has a match
    Given these records are in "payments":
      | key | value                    |
      | u1  | {"id": "a", "amount": 5} |
    Then within 300ms "enriched" holds the join of "payments" with "users":
      | by       | id      |
      | field    | user    |
      | no-match | dropped |

  @empty
  Scenario Outline: no payment
    Then within 300ms <claim>

    Examples:
      | claim                                                                                                             |
      | every record of "payments" has exactly one result in "enriched" or "unmatched", by "id"                           |
      | "enriched" holds the join of "payments" with "users" as "user", by "id", and "unmatched" what found no match      |
