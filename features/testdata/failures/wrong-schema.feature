Feature: Wrong schema
  The reader takes the newest schema for that of every record, whatever id the record has.

  Scenario: Each record is read by its own schema
    Given topic "users" with 2 partitions
    And topic "users_dlq" with 1 partition
    And the compatibility of "users" is NONE
    And schema "user-v1" is registered for "users"
    And schema "user-v3" is registered for "users"
    And application "reader" is the reference "wrong/schema-newest-assumed" in group "readers" reading "users"
    When these records are sent to "users" encoded by schema "user-v3":
      | partition | key | value.id | value.age | value.email | value.country |
      | 0         | u1  | a        | 30        | a@a.org     | NO            |
    And these records are sent to "users" encoded by schema "user-v1":
      | partition | key | value.id | value.age |
      | 0         | u2  | b        | 40        |
    Then "reader" read "users" as:
      | outcome           | key | value                                 |
      | read              | u1  | {"id":"a","age":30,"email":"a@a.org"} |
      | read with default | u2  | {"id":"b","age":40,"email":"none"}    |
