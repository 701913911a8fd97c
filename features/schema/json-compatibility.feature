Feature: JSON Schema, what the registry accepts
  The compatibility mode decides which change is accepted.

  Background:
    Given topic "users" with 1 partition
    And the compatibility of "users" is NONE

  Scenario Outline: JSON Schema, <mode>: <change>
    Given schema "<old>" is registered for "users"
    And the compatibility of "users" is <mode>
    Then schema "<new>" is <verdict> for "users"

    Examples:
      | mode     | change                   | old         | new         | verdict  |
      | BACKWARD | a required property      | customer-v2 | customer-v3 | refused  |
      | FORWARD  | a required property      | customer-v2 | customer-v3 | accepted |
      | FULL     | a required property      | customer-v2 | customer-v3 | refused  |
      | BACKWARD | integer to number        | customer-v4 | customer-v5 | accepted |
      | FORWARD  | integer to number        | customer-v4 | customer-v5 | refused  |
      | FULL     | integer to number        | customer-v4 | customer-v5 | refused  |
      | BACKWARD | a value added to an enum | ticket-v1   | ticket-v2   | accepted |
      | FORWARD  | a value added to an enum | ticket-v1   | ticket-v2   | refused  |
      | FULL     | a value added to an enum | ticket-v1   | ticket-v2   | refused  |
      | BACKWARD | a type added             | person-v1   | person-v2   | accepted |
      | FORWARD  | a type added             | person-v1   | person-v2   | refused  |
      | FULL     | a type added             | person-v1   | person-v2   | refused  |
