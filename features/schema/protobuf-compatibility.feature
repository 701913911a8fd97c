Feature: Protobuf, what the registry accepts
  The compatibility mode decides which change is accepted. Registries have rules of their own for Protobuf: these changes
  are those that Confluent's and Apicurio's agree on.

  Background:
    Given topic "users" with 1 partition
    And the compatibility of "users" is NONE

  Scenario Outline: Protobuf, <mode>: <change>
    Given schema "<old>" is registered for "users"
    And the compatibility of "users" is <mode>
    Then schema "<new>" is <verdict> for "users"

    Examples:
      | mode     | change                       | old        | new        | verdict  |
      | BACKWARD | a field added                | account-v1 | account-v2 | accepted |
      | FULL     | a field added                | account-v1 | account-v2 | accepted |
      | BACKWARD | an enum value added          | package-v1 | package-v2 | accepted |
      | FULL     | an enum value added          | package-v1 | package-v2 | accepted |
      | BACKWARD | a field added to a oneof     | reach-v1   | reach-v2   | accepted |
      | FORWARD  | a field added to a oneof     | reach-v1   | reach-v2   | refused  |
      | BACKWARD | a number that becomes text   | reach-v1   | reach-v3   | refused  |
      | FORWARD  | a number that becomes text   | reach-v1   | reach-v3   | refused  |
      | FULL     | a number that becomes text   | reach-v1   | reach-v3   | refused  |
      | BACKWARD | a nested field added         | market-v1  | market-v2  | accepted |
      | FULL     | a nested field added         | market-v1  | market-v2  | accepted |
      | BACKWARD | the values of a map          | market-v1  | market-v3  | refused  |
      | FORWARD  | the values of a map          | market-v1  | market-v3  | refused  |
      | FULL     | the values of a map          | market-v1  | market-v3  | refused  |
      | BACKWARD | a required field added       | member-v1  | member-v2  | refused  |
      | FORWARD  | a required field added       | member-v1  | member-v2  | refused  |
      | FULL     | a required field added       | member-v1  | member-v2  | refused  |
