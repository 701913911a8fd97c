Feature: Schema evolution
  Writers change their schema without asking their readers. A reader takes from each record what its own version knows, fills in defaults, and sets aside
  whole what lacks a field it cannot do without: nothing is lost, and nothing is made up. A writer has the registry's id for a version before it
  writes by it.

  Background:
    Given topic "users" with 2 partitions
    And topic "users_dlq" with 1 partition
    And the compatibility of "users" is NONE

  Rule: Avro, by the version of the writer and of the reader

    Background:
      Given schema "user-v1" is registered for "users"
      And schema "user-v2" is registered for "users"
      And schema "user-v3" is registered for "users"
      And schema "user-v4" is registered for "users"
      And schema "user-v5" is registered for "users"
      And schema "user-v6" is registered for "users"

    Scenario Outline: A record of version 1 (the first), read by version <reader>
      Given application "reader" is the reference "schema-consumer" in group "readers" reading "users"
        | reader-version | <reader> |
      When these records are sent to "users" encoded by schema "user-v1":
        | key | value.id | value.age |
        | u1  | a        | 30        |
      Then "reader" read "users" as:
        | outcome   | value   |
        | <outcome> | <value> |
      And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

      Examples:
        | reader | outcome                  | value                              |
        | 1      | read                     | {"id":"a","age":30}                |
        | 2      | read with default        | {"id":"a","age":30,"email":"none"} |
        | 3      | set aside with a warning |                                    |
        | 4      | set aside with a warning |                                    |
        | 5      | set aside with a warning |                                    |
        | 6      | set aside with a warning |                                    |

    Scenario Outline: A record of version 2 (email added, with a default), read by version <reader>
      Given application "reader" is the reference "schema-consumer" in group "readers" reading "users"
        | reader-version | <reader> |
      When these records are sent to "users" encoded by schema "user-v2":
        | key | value.id | value.age | value.email |
        | u1  | a        | 30        | a@a.org     |
      Then "reader" read "users" as:
        | outcome   | value   |
        | <outcome> | <value> |
      And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

      Examples:
        | reader | outcome                  | value                                 |
        | 1      | read                     | {"id":"a","age":30}                   |
        | 2      | read                     | {"id":"a","age":30,"email":"a@a.org"} |
        | 3      | set aside with a warning |                                       |
        | 4      | set aside with a warning |                                       |
        | 5      | set aside with a warning |                                       |
        | 6      | set aside with a warning |                                       |

    Scenario Outline: A record of version 3 (country added, without a default), read by version <reader>
      Given application "reader" is the reference "schema-consumer" in group "readers" reading "users"
        | reader-version | <reader> |
      When these records are sent to "users" encoded by schema "user-v3":
        | key | value.id | value.age | value.email | value.country |
        | u1  | a        | 30        | a@a.org     | NO            |
      Then "reader" read "users" as:
        | outcome   | value   |
        | <outcome> | <value> |
      And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

      Examples:
        | reader | outcome | value                                                |
        | 1      | read    | {"id":"a","age":30}                                  |
        | 2      | read    | {"id":"a","age":30,"email":"a@a.org"}                |
        | 3      | read    | {"id":"a","age":30,"email":"a@a.org","country":"NO"} |
        | 4      | read    | {"id":"a","age":30,"country":"NO"}                   |
        | 5      | read    | {"id":"a","age":30,"country":"NO"}                   |
        | 6      | read    | {"user_id":"a","age":30,"country":"NO"}              |

    Scenario Outline: A record of version 4 (email removed), read by version <reader>
      Given application "reader" is the reference "schema-consumer" in group "readers" reading "users"
        | reader-version | <reader> |
      When these records are sent to "users" encoded by schema "user-v4":
        | key | value.id | value.age | value.country |
        | u1  | a        | 30        | NO            |
      Then "reader" read "users" as:
        | outcome   | value   |
        | <outcome> | <value> |
      And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

      Examples:
        | reader | outcome           | value                                             |
        | 1      | read              | {"id":"a","age":30}                               |
        | 2      | read with default | {"id":"a","age":30,"email":"none"}                |
        | 3      | read with default | {"id":"a","age":30,"email":"none","country":"NO"} |
        | 4      | read              | {"id":"a","age":30,"country":"NO"}                |
        | 5      | read              | {"id":"a","age":30,"country":"NO"}                |
        | 6      | read              | {"user_id":"a","age":30,"country":"NO"}           |

    Scenario Outline: A record of version 5 (age promoted from int to long), read by version <reader>
      Given application "reader" is the reference "schema-consumer" in group "readers" reading "users"
        | reader-version | <reader> |
      When these records are sent to "users" encoded by schema "user-v5":
        | key | value.id | value.age  | value.country |
        | u1  | a        | 3000000000 | NO            |
      Then "reader" read "users" as:
        | outcome   | value   |
        | <outcome> | <value> |
      And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

      Examples:
        | reader | outcome  | value                                           |
        | 1      | rejected |                                                 |
        | 2      | rejected |                                                 |
        | 3      | rejected |                                                 |
        | 4      | rejected |                                                 |
        | 5      | read     | {"id":"a","age":3000000000,"country":"NO"}      |
        | 6      | read     | {"user_id":"a","age":3000000000,"country":"NO"} |

    Scenario Outline: A record of version 6 (id renamed, with an alias), read by version <reader>
      Given application "reader" is the reference "schema-consumer" in group "readers" reading "users"
        | reader-version | <reader> |
      When these records are sent to "users" encoded by schema "user-v6":
        | key | value.user_id | value.age  | value.country |
        | u1  | a             | 3000000000 | NO            |
      Then "reader" read "users" as:
        | outcome   | value   |
        | <outcome> | <value> |
      And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

      Examples:
        | reader | outcome                  | value                                           |
        | 1      | rejected                 |                                                 |
        | 2      | rejected                 |                                                 |
        | 3      | rejected                 |                                                 |
        | 4      | rejected                 |                                                 |
        | 5      | set aside with a warning |                                                 |
        | 6      | read                     | {"user_id":"a","age":3000000000,"country":"NO"} |

    Scenario Outline: All versions by one writer, read by version <reader>
      Given application "publisher" is the reference "schema-producer" writing "users"
        | versions           | [1,2,3,4,5,6] |
        | events-per-version | 1             |
        | users              | 6             |
      And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
        | reader-version | <reader> |
      When application "publisher" has finished
      Then "reader" read "users" as:
        | key | outcome |
        | u0  | <of 1>  |
        | u1  | <of 2>  |
        | u2  | <of 3>  |
        | u3  | <of 4>  |
        | u4  | <of 5>  |
        | u5  | <of 6>  |
      And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

      Examples:
        | reader | of 1                     | of 2                     | of 3     | of 4              | of 5     | of 6                     |
        | 1      | read                     | read                     | read     | read              | rejected | rejected                 |
        | 2      | read with default        | read                     | read     | read with default | rejected | rejected                 |
        | 3      | set aside with a warning | set aside with a warning | read     | read with default | rejected | rejected                 |
        | 4      | set aside with a warning | set aside with a warning | read     | read              | rejected | rejected                 |
        | 5      | set aside with a warning | set aside with a warning | read     | read              | read     | set aside with a warning |
        | 6      | set aside with a warning | set aside with a warning | read     | read              | read     | read                     |

  Rule: Avro, what else may change

    Scenario Outline: Enum symbol added: <case>
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

    Scenario Outline: Union widened: <case>
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

    Scenario Outline: Nested record changed: <case>
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

  Rule: JSON Schema, by the version of the writer and of the reader

    Background:
      Given schema "customer-v1" is registered for "users"
      And schema "customer-v2" is registered for "users"
      And schema "customer-v3" is registered for "users"
      And schema "customer-v4" is registered for "users"
      And schema "customer-v5" is registered for "users"
      And schema "customer-v6" is registered for "users"

    Scenario Outline: A document of version 1 (the first), read by version <reader>
      Given application "reader" is the reference "schema-consumer" in group "readers" reading "users"
        | reader-version | <reader> |
      When these records are sent to "users" encoded by schema "customer-v1":
        | key | value.id | value.age |
        | u1  | a        | 30        |
      Then "reader" read "users" as:
        | outcome   | value   |
        | <outcome> | <value> |
      And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

      Examples:
        | reader | outcome                  | value                              |
        | 1      | read                     | {"id":"a","age":30}                |
        | 2      | read with default        | {"id":"a","age":30,"email":"none"} |
        | 3      | set aside with a warning |                                    |
        | 4      | set aside with a warning |                                    |
        | 5      | set aside with a warning |                                    |
        | 6      | set aside with a warning |                                    |

    Scenario Outline: A document of version 2 (email added, with a default), read by version <reader>
      Given application "reader" is the reference "schema-consumer" in group "readers" reading "users"
        | reader-version | <reader> |
      When these records are sent to "users" encoded by schema "customer-v2":
        | key | value.id | value.age | value.email |
        | u1  | a        | 30        | a@a.org     |
      Then "reader" read "users" as:
        | outcome   | value   |
        | <outcome> | <value> |
      And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

      Examples:
        | reader | outcome                  | value                                 |
        | 1      | read                     | {"id":"a","age":30}                   |
        | 2      | read                     | {"id":"a","age":30,"email":"a@a.org"} |
        | 3      | set aside with a warning |                                       |
        | 4      | set aside with a warning |                                       |
        | 5      | set aside with a warning |                                       |
        | 6      | set aside with a warning |                                       |

    Scenario Outline: A document of version 3 (country added, required), read by version <reader>
      Given application "reader" is the reference "schema-consumer" in group "readers" reading "users"
        | reader-version | <reader> |
      When these records are sent to "users" encoded by schema "customer-v3":
        | key | value.id | value.age | value.email | value.country |
        | u1  | a        | 30        | a@a.org     | NO            |
      Then "reader" read "users" as:
        | outcome   | value   |
        | <outcome> | <value> |
      And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

      Examples:
        | reader | outcome                  | value                                                |
        | 1      | read                     | {"id":"a","age":30}                                  |
        | 2      | read                     | {"id":"a","age":30,"email":"a@a.org"}                |
        | 3      | read                     | {"id":"a","age":30,"email":"a@a.org","country":"NO"} |
        | 4      | read                     | {"id":"a","age":30,"country":"NO"}                   |
        | 5      | read                     | {"id":"a","age":30,"country":"NO"}                   |
        | 6      | set aside with a warning |                                                      |

    Scenario Outline: A document of version 4 (email removed), read by version <reader>
      Given application "reader" is the reference "schema-consumer" in group "readers" reading "users"
        | reader-version | <reader> |
      When these records are sent to "users" encoded by schema "customer-v4":
        | key | value.id | value.age | value.country |
        | u1  | a        | 30        | NO            |
      Then "reader" read "users" as:
        | outcome   | value   |
        | <outcome> | <value> |
      And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

      Examples:
        | reader | outcome                  | value                                             |
        | 1      | read                     | {"id":"a","age":30}                               |
        | 2      | read with default        | {"id":"a","age":30,"email":"none"}                |
        | 3      | read with default        | {"id":"a","age":30,"email":"none","country":"NO"} |
        | 4      | read                     | {"id":"a","age":30,"country":"NO"}                |
        | 5      | read                     | {"id":"a","age":30,"country":"NO"}                |
        | 6      | set aside with a warning |                                                   |

    Scenario Outline: A document of version 5 (age widened from integer to number), read by version <reader>
      Given application "reader" is the reference "schema-consumer" in group "readers" reading "users"
        | reader-version | <reader> |
      When these records are sent to "users" encoded by schema "customer-v5":
        | key | value.id | value.age | value.country |
        | u1  | a        | 30.5      | NO            |
      Then "reader" read "users" as:
        | outcome   | value   |
        | <outcome> | <value> |
      And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

      Examples:
        | reader | outcome                  | value                                |
        | 1      | rejected                 |                                      |
        | 2      | rejected                 |                                      |
        | 3      | rejected                 |                                      |
        | 4      | rejected                 |                                      |
        | 5      | read                     | {"id":"a","age":30.5,"country":"NO"} |
        | 6      | set aside with a warning |                                      |

    Scenario Outline: A document of version 6 (id renamed, which knows no aliases), read by version <reader>
      Given application "reader" is the reference "schema-consumer" in group "readers" reading "users"
        | reader-version | <reader> |
      When these records are sent to "users" encoded by schema "customer-v6":
        | key | value.user_id | value.age | value.country |
        | u1  | a             | 30.5      | NO            |
      Then "reader" read "users" as:
        | outcome   | value   |
        | <outcome> | <value> |
      And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

      Examples:
        | reader | outcome                  | value                                     |
        | 1      | rejected                 |                                           |
        | 2      | rejected                 |                                           |
        | 3      | rejected                 |                                           |
        | 4      | rejected                 |                                           |
        | 5      | set aside with a warning |                                           |
        | 6      | read                     | {"user_id":"a","age":30.5,"country":"NO"} |

  Rule: JSON Schema, what else may change

    Scenario Outline: Value added to an enum: <case>
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

    Scenario Outline: Types widened: <case>
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

    Scenario Outline: Nested object changed: <case>
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

  Rule: What a reader does with what it reads

    Scenario: Fields the reader does not know are ignored, without a word
      Given schema "user-v1" is registered for "users"
      And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
      When these records are sent to "users" encoded by schema "user-v3":
        | key | value.id | value.age | value.email | value.country |
        | u1  | a        | 30        | a@a.org     | NO            |
        | u2  | b        | 40        | b@a.org     | SE            |
      Then "reader" read "users" as:
        | outcome | key | value               |
        | read    | u1  | {"id":"a","age":30} |
        | read    | u2  | {"id":"b","age":40} |
      And "reader" warned about no field of "users"
      And "users_dlq" is empty

    Scenario: A missing field is warned of once, and each record that lacks it is set aside whole
      Given schema "user-v3" is registered for "users"
      And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
      When these records are sent to "users" encoded by schema "user-v2":
        | partition | key | value.id | value.age | value.email | headers.trace | timestamp            |
        | 0         | u1  | a        | 30        | a@a.org     | x             | 2026-01-05T10:00:00Z |
        | 1         | u2  | b        | 40        | b@a.org     | y             | 2026-01-05T10:00:01Z |
        | 0         | u1  | a        | 31        | a@a.org     | z             | 2026-01-05T10:00:02Z |
      And "reader" has caught up with "users"
      Then every record of "users_dlq" is in "users" exactly once
      And "users_dlq" contains exactly, decoded:
        | key | value                                   | headers.trace | timestamp            | headers.dlq-error-class | headers.dlq-error-message | headers.dlq-source-partition | headers.dlq-source-offset |
        | u1  | {"id":"a","age":30,"email":"a@a.org"} | x             | 2026-01-05T10:00:00Z | missing-field           | /country/                 | 0                            | 0                         |
        | u2  | {"id":"b","age":40,"email":"b@a.org"} | y             | 2026-01-05T10:00:01Z | missing-field           | /country/                 | 1                            | 0                         |
        | u1  | {"id":"a","age":31,"email":"a@a.org"} | z             | 2026-01-05T10:00:02Z | missing-field           | /country/                 | 0                            | 1                         |
      And "reader" warned once about field "country" of "users"

    Scenario: A record that lacks a field does not stop those behind it
      Given schema "user-v3" is registered for "users"
      And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
      When these records are sent to "users" encoded by schema "user-v1":
        | partition | key | value.id | value.age |
        | 0         | u1  | a        | 30        |
      And these records are sent to "users" encoded by schema "user-v3":
        | partition | key | value.id | value.age | value.email | value.country |
        | 0         | u1  | a        | 31        | a@a.org     | NO            |
      Then "reader" read "users" as:
        | outcome                  | offset | value.age | class         |
        | set aside with a warning | 0      |           | missing-field |
        | read                     | 1      | 31        |               |
      And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

    Scenario: Each record is read by the schema it was written by, old ones behind new ones
      Given schema "user-v2" is registered for "users"
      And schema "user-v1" is registered for "users"
      And schema "user-v3" is registered for "users"
      And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
      When these records are sent to "users" encoded by schema "user-v3":
        | partition | key | value.id | value.age | value.email | value.country |
        | 0         | u1  | a        | 30        | a@a.org     | NO            |
      And these records are sent to "users" encoded by schema "user-v1":
        | partition | key | value.id | value.age |
        | 0         | u2  | b        | 40        |
      And these records are sent to "users" encoded by schema "user-v2":
        | partition | key | value.id | value.age | value.email |
        | 0         | u3  | c        | 50        | c@a.org     |
      Then "reader" read "users" as:
        | outcome           | key | value                                   |
        | read              | u1  | {"id":"a","age":30,"email":"a@a.org"} |
        | read with default | u2  | {"id":"b","age":40,"email":"none"}    |
        | read              | u3  | {"id":"c","age":50,"email":"c@a.org"} |
      And "users_dlq" is empty

    Scenario: Bytes that are not the wire format, and an id nobody registered, are set aside as they are
      Given schema "user-v1" is registered for "users"
      And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
      When these records are sent to "users":
        | partition | key | value                |
        | 0         | u1  | {"id":"a","age":30}  |
        | 0         | u2  | 0x0000               |
        | 0         | u3  | 0x007ffffffe02613c   |
      And these records are sent to "users" encoded by schema "user-v1":
        | partition | key | value.id | value.age |
        | 0         | u4  | d        | 60        |
      Then "reader" read "users" as:
        | outcome  | key | value               | class          |
        | rejected | u1  |                     | wire-format    |
        | rejected | u2  |                     | wire-format    |
        | rejected | u3  |                     | unknown-schema |
        | read     | u4  | {"id":"d","age":60} |                |
      And "users_dlq" contains exactly:
        | key | value               | headers.dlq-error-message |
        | u1  | {"id":"a","age":30} | /not the wire format/     |
        | u2  | 0x0000              | /not the wire format/     |
        | u3  | 0x007ffffffe02613c  | /schema id 2147483646/    |
      And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

    Scenario: A tombstone has nothing to read, and is no dead letter
      Given schema "user-v1" is registered for "users"
      And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
      When these records are sent to "users" encoded by schema "user-v1":
        | key | value |
        | u1  | null  |
      Then "reader" processed exactly 1 record
      And "users_dlq" is empty

  Rule: A registry that fails says nothing about a record

    Scenario Outline: While the registry <fails>, records by schemas that are not known yet are tried again, and none is set aside
      Given schema "user-v1" is registered for "users"
      And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
        | retry-backoff     | 20ms  |
        | retry-backoff-max | 100ms |
      And these records are in "users" encoded by schema "user-v1":
        | partition | key | value.id | value.age |
        | 0         | u1  | a        | 30        |
      When "reader" has caught up with "users"
      And the schema registry <fails>
      And these records are sent to "users" encoded by schema "user-v2":
        | partition | key | value.id | value.age | value.email |
        | 0         | u2  | b        | 40        | b@a.org     |
        | 0         | u3  | c        | 50        | c@a.org     |
      And these records are sent to "users" encoded by schema "user-v1":
        | partition | key | value.id | value.age |
        | 1         | u4  | d        | 60        |
      And "reader" has retried at least 3 times
      Then "reader" processed exactly 2 records
      And for 200ms "users_dlq" is empty
      And "reader" committed no offset of "users" ahead of its work, with dead letters in "users_dlq"
      When the schema registry is up again
      Then once "reader" has caught up, every record of "users" was either processed by "reader" or is in "users_dlq", exactly once
      And "reader" processed exactly 4 records
      And "users_dlq" is empty

      Examples:
        | fails                   |
        | is down                 |
        | answers with status 500 |
        | answers with status 404 |
        | answers with rubbish    |

    Scenario: A record waits for a registry that is down, and is read when it is back
      Given schema "user-v1" is registered for "users"
      And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
        | retry-backoff     | 20ms  |
        | retry-backoff-max | 100ms |
      When the schema registry is down
      And these records are sent to "users" encoded by schema "user-v2":
        | key | value.id | value.age | value.email |
        | u1  | a        | 30        | a@a.org     |
      And the schema registry has been asked
      Then "reader" retried at least 2 times
      When the schema registry is up again
      Then "reader" read "users" as:
        | outcome | key | value               |
        | read    | u1  | {"id":"a","age":30} |
      And "users_dlq" is empty

    Scenario: A reader that is killed while the registry is down has lost nothing
      Given schema "user-v1" is registered for "users"
      And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
        | retry-backoff      | 20ms  |
        | session-timeout    | 2s    |
        | heartbeat-interval | 200ms |
      And the schema registry is down
      When these records are sent to "users" encoded by schema "user-v1":
        | partition | key | value.id | value.age |
        | 0         | u1  | a        | 30        |
        | 1         | u2  | b        | 40        |
      And "reader" has retried at least 2 times
      And application "reader" is killed
      And the schema registry is up again
      And application "reader" is restarted
      And within 30s "reader" has caught up with "users"
      Then every record of "users" was either processed by "reader" or is in "users_dlq", exactly once
      And "users_dlq" is empty

  Rule: A writer registers each version before it writes by it

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

    Scenario: Fields come and go from version to version, in order and each record once
      Given schema "user-v1" is registered for "users"
      And application "publisher" is the reference "schema-producer" writing "users"
        | versions           | [1,2,3,4] |
        | events-per-version | 1         |
        | users              | 1         |
      When application "publisher" has finished
      Then "users" contains in order, decoded:
        | key | value                                                 |
        | u0  | {"id":"u0","age":20}                                  |
        | u0  | {"id":"u0","age":21,"email":"u0@a.org"}               |
        | u0  | {"id":"u0","age":22,"email":"u0@a.org","country":"NO"} |
        | u0  | {"id":"u0","age":23,"country":"NO"}                   |
      And "users" contains exactly 4 records
      And every key of "users" is on the partition of Kafka's default partitioner
      And the writes of "publisher" to "users" are idempotent

    Scenario Outline: A version that is not compatible ends the writer with an error, and nothing is written by it: <format>
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

    Scenario Outline: Nothing is written before the registry has given an id, while it <fails>
      Given application "publisher" is the reference "schema-producer" writing "users"
        | versions           | [1,2] |
        | events-per-version | 5     |
        | retry-backoff      | 20ms  |
        | retry-backoff-max  | 100ms |
      And the schema registry <fails>
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

    Scenario: A registry that goes down between two versions is waited for
      Given schema "user-v1" is registered for "users"
      And application "publisher" is the reference "schema-producer" writing "users"
        | versions           | [1,2] |
        | events-per-version | 5     |
        | retry-backoff      | 20ms  |
        | retry-backoff-max  | 100ms |
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

  Rule: What the registry takes

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

    Scenario Outline: Avro, <mode>: what the latest version allows, and an older one does not
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
