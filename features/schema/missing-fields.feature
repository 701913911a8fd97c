Feature: Unknown and missing fields
  What a reader does not know is ignored. What it lacks is warned of once, and the record is set aside whole.

  Background:
    Given topic "users" with 2 partitions
    And topic "users_dlq" with 1 partition
    And the compatibility of "users" is NONE

  Scenario: Fields the reader does not know are ignored
    Given schema "user-v1" is registered for "users"
    And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
    When these records are sent to "users" encoded by schema "user-v3":
      | key | value.id | value.age | value.email | value.country |
      | u1  | a        | 30        | a@a.org     | NO            |
      | u2  | b        | 40        | b@a.org     | SE            |
    Then "reader" read "users" as:
      | outcome | key | value               |
      | read    | u1  | {"id":"a","age":30} |
      | read    | u2  | {"id":"b","age":40} |
    And "reader" warned about no field of "users"
    And "users_dlq" is empty

  Scenario: A missing field is warned of once, and the records are set aside
    Given schema "user-v3" is registered for "users"
    And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
    When these records are sent to "users" encoded by schema "user-v2":
      | partition | key | value.id | value.age | value.email | headers.trace | timestamp            |
      | 0         | u1  | a        | 30        | a@a.org     | x             | 2026-01-05T10:00:00Z |
      | 1         | u2  | b        | 40        | b@a.org     | y             | 2026-01-05T10:00:01Z |
      | 0         | u1  | a        | 31        | a@a.org     | z             | 2026-01-05T10:00:02Z |
    And "reader" has caught up with "users"
    Then every record of "users_dlq" is in "users" exactly once
    And "users_dlq" contains exactly, decoded:
      | key | value                                 | headers.trace | timestamp            | headers.dlq-error-class | headers.dlq-error-message | headers.dlq-source-partition | headers.dlq-source-offset |
      | u1  | {"id":"a","age":30,"email":"a@a.org"} | x             | 2026-01-05T10:00:00Z | missing-field           | /country/                 | 0                            | 0                         |
      | u2  | {"id":"b","age":40,"email":"b@a.org"} | y             | 2026-01-05T10:00:01Z | missing-field           | /country/                 | 1                            | 0                         |
      | u1  | {"id":"a","age":31,"email":"a@a.org"} | z             | 2026-01-05T10:00:02Z | missing-field           | /country/                 | 0                            | 1                         |
    And "reader" warned once about field "country" of "users"

  Scenario: A record that lacks a field does not stop those behind it
    Given schema "user-v3" is registered for "users"
    And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
    When these records are sent to "users" encoded by schema "user-v1":
      | partition | key | value.id | value.age |
      | 0         | u1  | a        | 30        |
    And these records are sent to "users" encoded by schema "user-v3":
      | partition | key | value.id | value.age | value.email | value.country |
      | 0         | u1  | a        | 31        | a@a.org     | NO            |
    Then "reader" read "users" as:
      | outcome                  | offset | value.age | class         |
      | set aside with a warning | 0      |           | missing-field |
      | read                     | 1      | 31        |               |
    And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once
