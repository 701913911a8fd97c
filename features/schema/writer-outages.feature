Feature: Writers while the registry fails
  Nothing is written before the registry has given an id.

  Background:
    Given topic "users" with 2 partitions
    And the compatibility of "users" is NONE
    And application "publisher" is the reference "schema-producer" writing "users"
      | versions           | [1,2] |
      | events-per-version | 5     |
      | retry-backoff      | 20ms  |
      | retry-backoff-max  | 100ms |

  Scenario Outline: Nothing is written while the registry <fails>
    Given the schema registry <fails>
    When application "publisher" is started
    And "publisher" has retried at least 3 times
    Then for 200ms "users" is empty
    When the schema registry is up again
    And application "publisher" has finished
    Then "users" contains exactly 5 records of schema version 1
    And "users" contains exactly 5 records of schema version 2
    And "users" contains exactly 10 records

    Examples:
      | fails                   |
      | is down                 |
      | answers with status 503 |
      | answers with rubbish    |

  Scenario: The registry is asked again after longer and longer waits
    Given application "patient" is the reference "schema-producer" writing "users"
      | retry-backoff | 300ms |
    And the schema registry is down
    When application "patient" is started
    And "patient" has retried at least 3 times
    Then for 600ms "patient" retried exactly 3 times

  Scenario: A registry that goes down between two versions is waited for
    Given schema "user-v1" is registered for "users"
    And every Produce request from "publisher" is held
    When application "publisher" is started
    And a request is held
    And the schema registry is down
    And the held requests are released
    And the schema registry has been asked
    And the schema registry is up again
    And application "publisher" has finished
    Then "users" contains exactly 5 records of schema version 1
    And "users" contains exactly 5 records of schema version 2
    And "publisher" retried at least 1 time
