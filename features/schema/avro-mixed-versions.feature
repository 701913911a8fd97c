Feature: Avro, all versions in one topic
  The schema id in each record says which version wrote it. A reader never guesses.

  Background:
    Given topic "users" with 2 partitions
    And topic "users_dlq" with 1 partition
    And the compatibility of "users" is NONE

  Scenario Outline: All versions by one writer, read by version <reader>
    Given schema "user-v1" is registered for "users"
    And schema "user-v2" is registered for "users"
    And schema "user-v3" is registered for "users"
    And schema "user-v4" is registered for "users"
    And schema "user-v5" is registered for "users"
    And schema "user-v6" is registered for "users"
    And application "publisher" is the reference "schema-producer" writing "users"
      | versions           | [1,2,3,4,5,6] |
      | events-per-version | 1             |
      | users              | 6             |
    And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
      | reader-version | <reader> |
    When application "publisher" has finished
    Then "reader" read "users" as:
      | key | outcome |
      | u0  | <of 1>  |
      | u1  | <of 2>  |
      | u2  | <of 3>  |
      | u3  | <of 4>  |
      | u4  | <of 5>  |
      | u5  | <of 6>  |
    And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

    Examples:
      | reader | of 1                     | of 2                     | of 3 | of 4              | of 5     | of 6                     |
      | 1      | read                     | read                     | read | read              | rejected | rejected                 |
      | 2      | read with default        | read                     | read | read with default | rejected | rejected                 |
      | 3      | set aside with a warning | set aside with a warning | read | read with default | rejected | rejected                 |
      | 4      | set aside with a warning | set aside with a warning | read | read              | rejected | rejected                 |
      | 5      | set aside with a warning | set aside with a warning | read | read              | read     | set aside with a warning |
      | 6      | set aside with a warning | set aside with a warning | read | read              | read     | read                     |

  Scenario: Each record is read by its own schema, old ones behind new ones
    Given schema "user-v2" is registered for "users"
    And schema "user-v1" is registered for "users"
    And schema "user-v3" is registered for "users"
    And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
    When these records are sent to "users" encoded by schema "user-v3":
      | partition | key | value.id | value.age | value.email | value.country |
      | 0         | u1  | a        | 30        | a@a.org     | NO            |
    And these records are sent to "users" encoded by schema "user-v1":
      | partition | key | value.id | value.age |
      | 0         | u2  | b        | 40        |
    And these records are sent to "users" encoded by schema "user-v2":
      | partition | key | value.id | value.age | value.email |
      | 0         | u3  | c        | 50        | c@a.org     |
    Then "reader" read "users" as:
      | outcome           | key | value                                 |
      | read              | u1  | {"id":"a","age":30,"email":"a@a.org"} |
      | read with default | u2  | {"id":"b","age":40,"email":"none"}    |
      | read              | u3  | {"id":"c","age":50,"email":"c@a.org"} |
    And "users_dlq" is empty
