Feature: Worlds in which a schema registry is not asked, or answers otherwise

  Background:
    Given topic "users" with 1 partition
    And topic "users_dlq" with 1 partition
    And schema "user-v1" is registered for "users"

  @wrong
  Scenario: a record whose schema is known already
    Given application "reader" is the reference "schema-consumer" in group "readers" reading "users"
      | reader-version | 1 |
    And these records are in "users" encoded by schema "user-v1":
      | value.id | value.age |
      | u1       | 30        |
    When "reader" has processed at least 1 record
    And the schema registry is down
    And these records are sent to "users" encoded by schema "user-v1":
      | value.id | value.age |
      | u1       | 31        |
    And "reader" has processed at least 2 records
    Then within 300ms the schema registry has been asked

  @empty
  Scenario: nobody who would ask
    When the schema registry is down
    Then within 300ms the schema registry has been asked

  @empty
  Scenario: nothing wrong with the registry
    Then within 300ms the schema registry has been asked
