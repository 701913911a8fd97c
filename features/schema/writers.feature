Feature: Writers register their schemas
  A writer has the registry's id for a version before it writes by it.

  Background:
    Given topic "users" with 2 partitions
    And the compatibility of "users" is NONE

  Scenario Outline: The records of each version carry its own id, in <format>
    Given schema "<first>" is registered for "users"
    And application "publisher" is the reference "schema-producer" writing "users"
      | format             | <format>      |
      | versions           | [1,2,3,4,5,6] |
      | events-per-version | 5             |
    When application "publisher" has finished
    Then "users" contains exactly 5 records of schema version 1
    And "users" contains exactly 5 records of schema version 2
    And "users" contains exactly 5 records of schema version 3
    And "users" contains exactly 5 records of schema version 4
    And "users" contains exactly 5 records of schema version 5
    And "users" contains exactly 5 records of schema version 6
    And "publisher" reported as many acknowledged records as "users" holds

    Examples:
      | format      | first       |
      | avro        | user-v1     |
      | json-schema | customer-v1 |
      | protobuf    | account-v1  |

  Scenario: Fields come and go from version to version, in order
    Given schema "user-v1" is registered for "users"
    And application "publisher" is the reference "schema-producer" writing "users"
      | versions           | [1,2,3,4] |
      | events-per-version | 1         |
      | users              | 1         |
    When application "publisher" has finished
    Then "users" contains in order, decoded:
      | key | value                                                  |
      | u0  | {"id":"u0","age":20}                                   |
      | u0  | {"id":"u0","age":21,"email":"u0@a.org"}                |
      | u0  | {"id":"u0","age":22,"email":"u0@a.org","country":"NO"} |
      | u0  | {"id":"u0","age":23,"country":"NO"}                    |
    And "users" contains exactly 4 records
    And every key of "users" is on the partition of Kafka's default partitioner
    And the writes of "publisher" to "users" are idempotent

  Scenario Outline: A version that is refused ends the writer, in <format>
    Given schema "<first>" is registered for "users"
    And the compatibility of "users" is BACKWARD
    And schema "<second>" is accepted for "users"
    And application "publisher" is the reference "schema-producer" writing "users"
      | format             | <format>   |
      | versions           | <versions> |
      | events-per-version | 5          |
    When application "publisher" is started
    Then application "publisher" fails with "refused by the registry"
    And "users" contains exactly 5 records of schema version 1
    And "users" contains exactly 5 records of schema version 2
    And "users" contains exactly 10 records

    Examples:
      | format      | first       | second      | versions  |
      | avro        | user-v1     | user-v2     | [1,2,3,4] |
      | json-schema | customer-v4 | customer-v5 | [4,5,6,1] |

  Scenario: A writer whose records are refused names them and writes no further version
    Given application "publisher" is the reference "schema-producer" writing "users"
      | versions           | [1,2] |
      | events-per-version | 3     |
      | users              | 1     |
    And the next Produce request from "publisher" to "users" fails with INVALID_RECORD
    When application "publisher" is started
    Then application "publisher" fails with "records by version 1 were not acknowledged"
    And "publisher" said "msg=undelivered topic=users key=u0 " exactly 3 times
    And "users" is empty
