Feature: Protobuf, changes inside of a field
  Enums gain values, oneofs gain fields, nested messages gain fields, and what is required is missed.

  Background:
    Given topic "users" with 2 partitions
    And topic "users_dlq" with 1 partition
    And the compatibility of "users" is NONE

  Scenario Outline: Protobuf enum: <case>
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
      | case                                        | writer     | reader     | written                   | outcome | read                      |
      | a value both know                           | package-v2 | package-v1 | {"id":"p","state":"SENT"} | read    | {"id":"p","state":"SENT"} |
      | a value only the writer knows is its number | package-v2 | package-v1 | {"id":"p","state":"LOST"} | read    | {"id":"p","state":2}      |
      | the new value to a new reader               | package-v2 | package-v2 | {"id":"p","state":"LOST"} | read    | {"id":"p","state":"LOST"} |
      | none                                        | package-v1 | package-v2 | {"id":"p"}                | read    | {"id":"p","state":"OPEN"} |

  Scenario Outline: Oneof: <case>
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
      | case                         | writer   | reader   | written                  | outcome  | read                     |
      | a field both have            | reach-v2 | reach-v1 | {"id":"c","phone":"12"}  | read     | {"id":"c","phone":"12"}  |
      | a field only the writer has  | reach-v2 | reach-v1 | {"id":"c","fax":12}      | read     | {"id":"c"}               |
      | none of them                 | reach-v2 | reach-v1 | {"id":"c"}               | read     | {"id":"c"}               |
      | a field added for the reader | reach-v1 | reach-v2 | {"id":"c","email":"c@a"} | read     | {"id":"c","email":"c@a"} |
      | a field of another type      | reach-v3 | reach-v1 | {"id":"c","phone":12}    | rejected |                          |
      | another field than that      | reach-v3 | reach-v1 | {"id":"c","email":"c@a"} | read     | {"id":"c","email":"c@a"} |

  Scenario Outline: Nested message: <case>
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
      | case                             | writer    | reader    | written                                           | outcome           | read                                                     |
      | a field added                    | market-v1 | market-v2 | {"id":"s","address":{"city":"Oslo"}}              | read with default | {"id":"s","stock":{},"address":{"city":"Oslo","zip":""}} |
      | a field the reader does not know | market-v2 | market-v1 | {"id":"s","address":{"city":"Oslo","zip":"0150"}} | read              | {"id":"s","stock":{},"address":{"city":"Oslo"}}          |
      | no message at all                | market-v1 | market-v2 | {"id":"s"}                                        | read              | {"id":"s","stock":{}}                                    |
      | a map                            | market-v2 | market-v1 | {"id":"s","stock":{"a":1,"b":0}}                  | read              | {"id":"s","stock":{"a":1,"b":0}}                         |
      | a map with other values          | market-v3 | market-v1 | {"id":"s","stock":{"a":"1"}}                      | rejected          |                                                          |

  Scenario Outline: Required: <case>
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
      | case                            | writer    | reader    | written                                 | outcome                  | read                                    |
      | a field that the writer has not | member-v1 | member-v2 | {"id":"m"}                              | set aside with a warning |                                         |
      | a field that the reader has not | member-v2 | member-v1 | {"id":"m","email":"a@a","country":"NO"} | read                     | {"id":"m","email":"a@a"}                |
      | a default of its own            | member-v2 | member-v1 | {"id":"m","country":"NO"}               | read with default        | {"id":"m","email":"none"}               |
      | all of it                       | member-v2 | member-v2 | {"id":"m","email":"a@a","country":"NO"} | read                     | {"id":"m","email":"a@a","country":"NO"} |
