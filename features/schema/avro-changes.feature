Feature: Avro, changes inside of a field
  Enums gain symbols, unions gain types, nested records gain fields.

  Background:
    Given topic "users" with 2 partitions
    And topic "users_dlq" with 1 partition
    And the compatibility of "users" is NONE

  Scenario Outline: Enum: <case>
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
      | case                           | writer    | reader    | written                   | outcome           | read                      |
      | a symbol both know             | parcel-v2 | parcel-v1 | {"id":"p","state":"SENT"} | read              | {"id":"p","state":"SENT"} |
      | a symbol only the writer knows | parcel-v2 | parcel-v1 | {"id":"p","state":"LOST"} | rejected          |                           |
      | a symbol added for the reader  | parcel-v1 | parcel-v2 | {"id":"p","state":"OPEN"} | read              | {"id":"p","state":"OPEN"} |
      | the new symbol to a new reader | parcel-v2 | parcel-v2 | {"id":"p","state":"LOST"} | read              | {"id":"p","state":"LOST"} |
      | the reader's default symbol    | parcel-v2 | parcel-v3 | {"id":"p","state":"LOST"} | read with default | {"id":"p","state":"OPEN"} |

  Scenario Outline: Union: <case>
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
      | case                         | writer     | reader     | written                 | outcome  | read                    |
      | a type both have             | contact-v2 | contact-v1 | {"id":"c","phone":"12"} | read     | {"id":"c","phone":"12"} |
      | a type only the writer has   | contact-v2 | contact-v1 | {"id":"c","phone":12}   | rejected |                         |
      | null                         | contact-v2 | contact-v1 | {"id":"c","phone":null} | read     | {"id":"c","phone":null} |
      | a type added for the reader  | contact-v1 | contact-v2 | {"id":"c","phone":"12"} | read     | {"id":"c","phone":"12"} |
      | the new type to a new reader | contact-v2 | contact-v2 | {"id":"c","phone":12}   | read     | {"id":"c","phone":12}   |

  Scenario Outline: Nested record: <case>
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
      | case                             | writer  | reader  | written                                                          | outcome                  | read                                                             |
      | a field added with a default     | shop-v1 | shop-v2 | {"id":"s","address":{"city":"Oslo"}}                             | read with default        | {"id":"s","address":{"city":"Oslo","zip":"?"}}                   |
      | a field the reader does not know | shop-v2 | shop-v1 | {"id":"s","address":{"city":"Oslo","zip":"0150"}}                | read                     | {"id":"s","address":{"city":"Oslo"}}                             |
      | a field added without a default  | shop-v1 | shop-v3 | {"id":"s","address":{"city":"Oslo"}}                             | set aside with a warning |                                                                  |
      | both fields unknown              | shop-v3 | shop-v1 | {"id":"s","address":{"city":"Oslo","zip":"0150","country":"NO"}} | read                     | {"id":"s","address":{"city":"Oslo"}}                             |
      | all of it                        | shop-v3 | shop-v3 | {"id":"s","address":{"city":"Oslo","zip":"0150","country":"NO"}} | read                     | {"id":"s","address":{"city":"Oslo","zip":"0150","country":"NO"}} |
