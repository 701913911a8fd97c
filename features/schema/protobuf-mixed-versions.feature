Feature: Protobuf, two writers of different versions at once
  The schema id in each record says which version wrote it, whoever wrote it and when.

  Background:
    Given topic "users" with 2 partitions
    And topic "users_dlq" with 1 partition
    And the compatibility of "users" is NONE

  Scenario Outline: Two writers at once, read by version <reader>
    Given application "older" is the reference "schema-producer" writing "users"
      | format             | protobuf |
      | versions           | [1,2]    |
      | events-per-version | 100      |
    And application "newer" is the reference "schema-producer" writing "users"
      | format             | protobuf |
      | versions           | [3,4]    |
      | events-per-version | 100      |
    And schema "account-v1" is registered for "users"
    And schema "account-v2" is registered for "users"
    And schema "account-v3" is registered for "users"
    And schema "account-v4" is registered for "users"
    And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
      | reader-version | <reader> |
    When application "reader" is started
    And application "older" is started
    And application "newer" is started
    And application "older" has finished
    And application "newer" has finished
    Then every record of "users" was processed in group "readers" exactly once
    And "users" contains exactly 100 records of schema version 1
    And "users" contains exactly 100 records of schema version 2
    And "users" contains exactly 100 records of schema version 3
    And "users" contains exactly 100 records of schema version 4
    And "users_dlq" is empty

    Examples:
      | reader |
      | 1      |
      | 4      |
