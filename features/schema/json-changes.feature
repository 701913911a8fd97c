Feature: JSON Schema, changes inside of a property
  Enums gain values, properties gain types, nested objects gain properties.

  Background:
    Given topic "users" with 2 partitions
    And topic "users_dlq" with 1 partition
    And the compatibility of "users" is NONE

  Scenario Outline: JSON enum: <case>
    Given schema "<reader>" is registered for "users"
    And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
      | reader-version | 1 |
    When these records are sent to "users" encoded by schema "<writer>":
      | value     |
      | <written> |
    Then "reader" read "users" as:
      | outcome   | value  |
      | <outcome> | <read> |
    And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

    Examples:
      | case                           | writer    | reader    | written                   | outcome  | read                      |
      | a symbol both know             | ticket-v2 | ticket-v1 | {"id":"p","state":"SENT"} | read     | {"id":"p","state":"SENT"} |
      | a symbol only the writer knows | ticket-v2 | ticket-v1 | {"id":"p","state":"LOST"} | rejected |                           |
      | a symbol added for the reader  | ticket-v1 | ticket-v2 | {"id":"p","state":"OPEN"} | read     | {"id":"p","state":"OPEN"} |
      | the new symbol to a new reader | ticket-v2 | ticket-v2 | {"id":"p","state":"LOST"} | read     | {"id":"p","state":"LOST"} |

  Scenario Outline: JSON types: <case>
    Given schema "<reader>" is registered for "users"
    And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
      | reader-version | 1 |
    When these records are sent to "users" encoded by schema "<writer>":
      | value     |
      | <written> |
    Then "reader" read "users" as:
      | outcome   | value  |
      | <outcome> | <read> |
    And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

    Examples:
      | case                         | writer    | reader    | written                 | outcome  | read                    |
      | a type both have             | person-v2 | person-v1 | {"id":"c","phone":"12"} | read     | {"id":"c","phone":"12"} |
      | a type only the writer has   | person-v2 | person-v1 | {"id":"c","phone":12}   | rejected |                         |
      | null                         | person-v2 | person-v1 | {"id":"c","phone":null} | read     | {"id":"c","phone":null} |
      | a type added for the reader  | person-v1 | person-v2 | {"id":"c","phone":"12"} | read     | {"id":"c","phone":"12"} |
      | the new type to a new reader | person-v2 | person-v2 | {"id":"c","phone":12}   | read     | {"id":"c","phone":12}   |

  Scenario Outline: Nested object: <case>
    Given schema "<reader>" is registered for "users"
    And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
      | reader-version | 1 |
    When these records are sent to "users" encoded by schema "<writer>":
      | value     |
      | <written> |
    Then "reader" read "users" as:
      | outcome   | value  |
      | <outcome> | <read> |
    And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

    Examples:
      | case                             | writer   | reader   | written                                                          | outcome                  | read                                                             |
      | a field added with a default     | store-v1 | store-v2 | {"id":"s","address":{"city":"Oslo"}}                             | read with default        | {"id":"s","address":{"city":"Oslo","zip":"?"}}                   |
      | a field the reader does not know | store-v2 | store-v1 | {"id":"s","address":{"city":"Oslo","zip":"0150"}}                | read                     | {"id":"s","address":{"city":"Oslo"}}                             |
      | a field added without a default  | store-v1 | store-v3 | {"id":"s","address":{"city":"Oslo"}}                             | set aside with a warning |                                                                  |
      | both fields unknown              | store-v3 | store-v1 | {"id":"s","address":{"city":"Oslo","zip":"0150","country":"NO"}} | read                     | {"id":"s","address":{"city":"Oslo"}}                             |
      | all of it                        | store-v3 | store-v3 | {"id":"s","address":{"city":"Oslo","zip":"0150","country":"NO"}} | read                     | {"id":"s","address":{"city":"Oslo","zip":"0150","country":"NO"}} |
