Feature: Avro, what the registry accepts
  The compatibility mode decides which change is accepted.

  Background:
    Given topic "users" with 1 partition
    And the compatibility of "users" is NONE

  Scenario Outline: Avro, <mode>: <change>
    Given schema "<old>" is registered for "users"
    And the compatibility of "users" is <mode>
    Then schema "<new>" is <verdict> for "users"

    Examples:
      | mode     | change                             | old        | new        | verdict  |
      | BACKWARD | a field with a default             | user-v1    | user-v2    | accepted |
      | FORWARD  | a field with a default             | user-v1    | user-v2    | accepted |
      | FULL     | a field with a default             | user-v1    | user-v2    | accepted |
      | BACKWARD | a field without a default          | user-v2    | user-v3    | refused  |
      | FORWARD  | a field without a default          | user-v2    | user-v3    | accepted |
      | FULL     | a field without a default          | user-v2    | user-v3    | refused  |
      | BACKWARD | a field removed that had a default | user-v3    | user-v4    | accepted |
      | FORWARD  | a field removed that had a default | user-v3    | user-v4    | accepted |
      | FULL     | a field removed that had a default | user-v3    | user-v4    | accepted |
      | BACKWARD | int to long                        | user-v4    | user-v5    | accepted |
      | FORWARD  | int to long                        | user-v4    | user-v5    | refused  |
      | FULL     | int to long                        | user-v4    | user-v5    | refused  |
      | BACKWARD | renamed with an alias              | user-v5    | user-v6    | accepted |
      | FORWARD  | renamed with an alias              | user-v5    | user-v6    | refused  |
      | FULL     | renamed with an alias              | user-v5    | user-v6    | refused  |
      | BACKWARD | an enum symbol added               | parcel-v1  | parcel-v2  | accepted |
      | FORWARD  | an enum symbol added               | parcel-v1  | parcel-v2  | refused  |
      | FULL     | an enum symbol added               | parcel-v1  | parcel-v2  | refused  |
      | BACKWARD | a union widened                    | contact-v1 | contact-v2 | accepted |
      | FORWARD  | a union widened                    | contact-v1 | contact-v2 | refused  |
      | FULL     | a union widened                    | contact-v1 | contact-v2 | refused  |
      | BACKWARD | a nested field with a default      | shop-v1    | shop-v2    | accepted |
      | FORWARD  | a nested field with a default      | shop-v1    | shop-v2    | accepted |
      | FULL     | a nested field with a default      | shop-v1    | shop-v2    | accepted |
      | BACKWARD | a nested field without one         | shop-v2    | shop-v3    | refused  |
      | FORWARD  | a nested field without one         | shop-v2    | shop-v3    | accepted |
      | FULL     | a nested field without one         | shop-v2    | shop-v3    | refused  |

  Scenario Outline: Avro, <mode>: <new> after <first> and <latest>
    Given schema "<first>" is registered for "users"
    And schema "<latest>" is registered for "users"
    And the compatibility of "users" is <mode>
    Then schema "<new>" is <verdict> for "users"

    Examples:
      | mode                | first   | latest  | new     | verdict  |
      | BACKWARD            | user-v1 | user-v3 | user-v4 | accepted |
      | BACKWARD_TRANSITIVE | user-v1 | user-v3 | user-v4 | refused  |
      | FORWARD             | user-v3 | user-v1 | user-v2 | accepted |
      | FORWARD_TRANSITIVE  | user-v3 | user-v1 | user-v2 | refused  |
      | FULL                | user-v3 | user-v1 | user-v2 | accepted |
      | FULL_TRANSITIVE     | user-v3 | user-v1 | user-v2 | refused  |
      | BACKWARD_TRANSITIVE | user-v1 | user-v2 | user-v1 | accepted |
      | FULL_TRANSITIVE     | user-v1 | user-v2 | user-v3 | refused  |
      | NONE                | user-v1 | user-v2 | user-v6 | accepted |
