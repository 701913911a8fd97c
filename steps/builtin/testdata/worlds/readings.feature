Feature: Worlds in which records are not read as claimed

  Background:
    Given topic "users" with 1 partition
    And topic "users_dlq" with 1 partition
    And the compatibility of "users" is NONE
    And schema "user-v3" is registered for "users"
    And application "reader" is the reference "schema-consumer" in group "readers" reading "users"

  @wrong
  Scenario: a record that was set aside
    When these records are sent to "users" encoded by schema "user-v1":
      | value.id | value.age |
      | u1       | 30        |
    And "reader" has caught up with "users"
    Then within 300ms "reader" read "users" as:
      | outcome | value.id |
      | read    | u1       |

  @wrong
  Scenario Outline: a warning about another field
    When these records are sent to "users" encoded by schema "user-v2":
      | value.id | value.age | value.email |
      | u1       | 30        | u1@a.org    |
    And "reader" has caught up with "users"
    Then within 300ms <claim>

    Examples:
      | claim                                               |
      | "reader" warned about no field of "users"           |
      | "reader" warned once about field "email" of "users" |
      | "reader" has retried at least 1 time                |

  @empty
  Scenario Outline: no record
    When application "reader" is started
    Then within 300ms <claim>

    Examples:
      | claim                                               |
      | "reader" warned about no field of "users"           |
      | "reader" warned once about field "email" of "users" |
      | "reader" has retried at least 1 time                |

  @empty
  Scenario: no record to read
    When application "reader" is started
    Then within 300ms "reader" read "users" as:
      | outcome | value.id |
      | read    | u1       |
