Feature: Schemas that refer to others
  What a schema refers to stands in the registry under a subject of its own, and a reader asks for both.

  Background:
    Given topic "users" with 2 partitions
    And topic "users_dlq" with 1 partition

  Scenario Outline: A reader asks for what a schema refers to, in <format>
    Given schema "<schema>" is registered for "users"
    And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
    When these records are sent to "users" encoded by schema "<schema>":
      | key | value     |
      | u1  | <written> |
    Then "reader" read "users" as:
      | outcome   | value  |
      | <outcome> | <read> |
    And "users" contains exactly 1 record of schema version 1
    And "users_dlq" is empty

    Examples:
      | format      | schema  | written                                                           | outcome | read                                                                        |
      | Avro        | booking | {"id":"b","price":{"currency":"EUR","cents":5}}                   | read    | {"id":"b","price":{"currency":"EUR","cents":5},"rebate":null}               |
      | JSON Schema | visit   | {"id":"v","place":{"city":"Oslo"}}                                | read    | {"id":"v","place":{"city":"Oslo"}}                                          |
      | Protobuf    | receipt | {"id":"r","total":{"currency":"EUR"},"at":"2026-01-05T10:00:00Z"} | read    | {"id":"r","total":{"currency":"EUR","cents":0},"at":"2026-01-05T10:00:00Z"} |

  Scenario: What a schema refers to decides what fits it
    When these records are sent to "users" encoded by schema "booking":
      | key | value                                                                                 |
      | u1  | {"id":"b","price":{"currency":"EUR","cents":5},"rebate":{"currency":"EUR","cents":1}} |
    Then "users" contains exactly, decoded:
      | value.price.cents | value.rebate.cents |
      | 5                 | 1                  |

  Scenario: Types that every registry knows need no subject of their own
    Given schema "quote" is registered for "users"
    And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
    When these records are sent to "users" encoded by schema "quote":
      | key | value                                                                                                          |
      | u1  | {"id":"q","price":{"currency_code":"EUR","units":5,"nanos":990000000},"until":{"year":2026,"month":1,"day":5}} |
    Then "reader" read "users" as:
      | outcome | value                                                                                                          |
      | read    | {"id":"q","price":{"currency_code":"EUR","units":5,"nanos":990000000},"until":{"year":2026,"month":1,"day":5}} |
    And "users" contains exactly 1 record of schema version 1
    And "users_dlq" is empty
