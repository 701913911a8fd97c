Feature: Worlds in which replies are not as claimed

  Background:
    Given topic "requests" with 1 partition
    And topic "replies" with 1 partition

  @wrong
  Scenario Outline: <what>, <claim>
    Given these records are in "requests":
      | value | headers.id | timestamp            |
      | a     | 1          | 2026-03-01T10:00:00Z |
      | b     | 2          | 2026-03-01T10:00:00Z |
    And these records are in "replies":
      | value | headers.id | timestamp            |
      | A     | 1          | 2026-03-01T10:00:01Z |
      | B     | <id>       | <at>                 |
      | C     | <more>     | 2026-03-01T10:00:01Z |
    Then within 300ms every record of "requests" has exactly one reply in "replies", by "headers.id"<claim>

    Examples:
      | what               | id     | more | at                   | claim                 |
      | one has two        | 2      | 1    | 2026-03-01T10:00:01Z |                       |
      | one has none       | 3      | 3    | 2026-03-01T10:00:01Z |                       |
      | one is of nobody   | 2      | 3    | 2026-03-01T10:00:01Z |                       |
      | one names nothing  | 2      |      | 2026-03-01T10:00:01Z |                       |
      | one has two        | 2      | 1    | 2026-03-01T10:00:01Z | , at most 10s later   |
      | one has none       | 3      | 3    | 2026-03-01T10:00:01Z | , at most 10s later   |

  @wrong
  Scenario: a late one
    Given these records are in "requests":
      | value | headers.id | timestamp            |
      | a     | 1          | 2026-03-01T10:00:00Z |
    And these records are in "replies":
      | value | headers.id | timestamp            |
      | A     | 1          | 2026-03-01T10:00:05Z |
    Then every record of "requests" has exactly one reply in "replies", by "headers.id", at most 4s later

  @empty
  Scenario Outline: no request and no reply<claim>
    Then within 300ms every record of "requests" has exactly one reply in "replies", by "headers.id"<claim>

    Examples:
      | claim               |
      |                     |
      | , at most 10s later |
