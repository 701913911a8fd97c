Feature: Avro, logical types as people write them
  A decimal is a number, dates and times are text, and a union with null takes the value itself.

  Background:
    Given topic "users" with 1 partition
    And topic "users_dlq" with 1 partition
    And schema "sale" is registered for "users"

  Scenario: They are written and compared as they read
    When these records are sent to "users" encoded by schema "sale":
      | value.id                               | value.total | value.rebate | value.day    | value.opens | value.sold_at              | value.paid_at                  |
      | "8b1b1a3e-5d3a-4c1e-9d5c-1f0d7e2a9b3c" | 12.5        | -0.25        | "2026-01-05" | "08:30:00"  | "2026-01-05T10:15:00.250Z" | "2026-01-05T12:15:00.25+02:00" |
      | "8b1b1a3e-5d3a-4c1e-9d5c-1f0d7e2a9b3d" | 1000000     | null         | "1969-12-31" | "23:59:59"  | "1969-12-31T23:59:59Z"     | null                           |
    Then "users" contains exactly, decoded:
      | value.id | value.total | value.rebate | value.day    | value.opens | value.sold_at              | value.paid_at              |
      | <uuid>   | 12.50       | -0.25        | "2026-01-05" | "08:30:00"  | "2026-01-05T10:15:00.250Z" | "2026-01-05T10:15:00.250Z" |
      | <uuid>   | > 999999.99 | null         | "1969-12-31" | "23:59:59"  | "1969-12-31T23:59:59Z"     | null                       |

  Scenario: A reader sees them so as well
    Given application "reader" is the reference "schema-consumer" in group "readers" reading "users"
    When these records are sent to "users" encoded by schema "sale":
      | value                                                                                                                            |
      | {"id":"8b1b1a3e-5d3a-4c1e-9d5c-1f0d7e2a9b3c","total":0.1,"day":"2026-01-05","opens":"08:30:00","sold_at":"2026-01-05T10:15:00Z"} |
    Then "reader" read "users" as:
      | outcome | value.total | value.day    | value.opens | value.sold_at          | value.paid_at |
      | read    | 0.1         | "2026-01-05" | "08:30:00"  | "2026-01-05T10:15:00Z" | null          |
    And "users_dlq" is empty
