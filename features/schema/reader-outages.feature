Feature: Readers while the registry fails
  A registry that fails says nothing about a record: the reader tries again, and sets nothing aside.

  Background:
    Given topic "users" with 2 partitions
    And topic "users_dlq" with 1 partition
    And the compatibility of "users" is NONE
    And schema "user-v1" is registered for "users"
    And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
      | retry-backoff     | 20ms  |
      | retry-backoff-max | 100ms |
      | session-timeout   | 2s    |

  Scenario Outline: Records wait while the registry <fails>
    Given these records are in "users" encoded by schema "user-v1":
      | partition | key | value.id | value.age |
      | 0         | u1  | a        | 30        |
    When "reader" has caught up with "users"
    And the schema registry <fails>
    And these records are sent to "users" encoded by schema "user-v2":
      | partition | key | value.id | value.age | value.email |
      | 0         | u2  | b        | 40        | b@a.org     |
      | 0         | u3  | c        | 50        | c@a.org     |
    And these records are sent to "users" encoded by schema "user-v1":
      | partition | key | value.id | value.age |
      | 1         | u4  | d        | 60        |
    And "reader" has retried at least 3 times
    Then "reader" processed exactly 2 records
    And for 200ms "users_dlq" is empty
    And "reader" committed no offset of "users" ahead of its work, with dead letters in "users_dlq"
    When the schema registry is up again
    And "reader" has caught up with "users"
    Then every record of "users" was either processed by "reader" or is in "users_dlq", exactly once
    And "reader" processed exactly 4 records
    And "users_dlq" is empty

    Examples:
      | fails                   |
      | is down                 |
      | answers with status 500 |
      | answers with status 404 |
      | answers with rubbish    |

  Scenario: A record waits for a registry that is down
    When the schema registry is down
    And these records are sent to "users" encoded by schema "user-v2":
      | key | value.id | value.age | value.email |
      | u1  | a        | 30        | a@a.org     |
    And the schema registry has been asked
    Then "reader" retried at least 2 times
    When the schema registry is up again
    Then "reader" read "users" as:
      | outcome | key | value               |
      | read    | u1  | {"id":"a","age":30} |
    And "users_dlq" is empty

  Scenario: A reader that is killed meanwhile has lost nothing
    Given the schema registry is down
    When these records are sent to "users" encoded by schema "user-v1":
      | partition | key | value.id | value.age |
      | 0         | u1  | a        | 30        |
      | 1         | u2  | b        | 40        |
    And "reader" has retried at least 2 times
    And application "reader" is killed
    And the schema registry is up again
    And application "reader" is restarted
    And within 30s "reader" has caught up with "users"
    Then every record of "users" was either processed by "reader" or is in "users_dlq", exactly once
    And "users_dlq" is empty
