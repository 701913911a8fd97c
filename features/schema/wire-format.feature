Feature: Bytes without a schema
  What is not in the registry's wire format is set aside as it is.

  Background:
    Given topic "users" with 2 partitions
    And topic "users_dlq" with 1 partition
    And schema "user-v1" is registered for "users"
    And application "reader" is the reference "schema-consumer" in group "readers" reading "users"

  Scenario: Bytes that no schema explains are set aside as they are
    When these records are sent to "users":
      | partition | key | value               |
      | 0         | u1  | {"id":"a","age":30} |
      | 0         | u2  | 0x0000              |
      | 0         | u3  | 0x007ffffffe02613c  |
    And these records are sent to "users" encoded by schema "user-v1":
      | partition | key | value.id | value.age |
      | 0         | u4  | d        | 60        |
    Then "reader" read "users" as:
      | outcome  | key | value               | class          |
      | rejected | u1  |                     | wire-format    |
      | rejected | u2  |                     | wire-format    |
      | rejected | u3  |                     | unknown-schema |
      | read     | u4  | {"id":"d","age":60} |                |
    And "users_dlq" contains exactly:
      | key | value               | headers.dlq-error-message |
      | u1  | {"id":"a","age":30} | /not the wire format/     |
      | u2  | 0x0000              | /not the wire format/     |
      | u3  | 0x007ffffffe02613c  | /schema id 2147483646/    |
    And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

  Scenario: A tombstone has nothing to read, and is no dead letter
    When these records are sent to "users" encoded by schema "user-v1":
      | key | value |
      | u1  | null  |
    Then "reader" processed exactly 1 record
    And "users_dlq" is empty
