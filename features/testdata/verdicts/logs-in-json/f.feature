@any-cluster
Feature: Logs in JSON
  Where no line fits a pattern it is not known what was processed, which is nobody's failure.

  Scenario Outline: <v> <app>: <expectation>: has: says "<says>"
    Given topic "orders" with 1 partition
    And topic "dlq" with 1 partition
    And application "<app>" of the profile is in group "g" reading "orders"
    And 3 records are in "orders"
    When "<app>" has caught up with "orders"
    Then within 2s <expectation>

    Examples:
      | v     | app      | says               | expectation                                                                                   |
      | WRONG | mute     | fits a log pattern | every record of "orders" was processed in group "g" exactly once                              |
      | WRONG | mute     | fits a log pattern | every record of "orders" was processed in group "g", twice only if it was not committed at a crash |
      | WRONG | mute     | fits a log pattern | every record of "orders" was either processed by "mute" or is in "dlq", exactly once          |
      | WRONG | mute     | fits a log pattern | every record of "orders" was processed by "mute" or is in "dlq", at least once                |
      | WRONG | begun    | (processing: 3)    | every record of "orders" was processed in group "g" exactly once                              |
      | WRONG | begun    | (processing: 3)    | every record of "orders" was processed in group "g", twice only if it was not committed at a crash |
      | WRONG | begun    | (processing: 3)    | every record of "orders" was either processed by "begun" or is in "dlq", exactly once         |
      | WRONG | begun    | fits a log pattern "processed" | every record of "orders" was processed by "begun" or is in "dlq", at least once   |
      | RIGHT | heard    |                    | every record of "orders" was processed in group "g" exactly once                              |
      | RIGHT | heard    |                    | every record of "orders" was either processed by "heard" or is in "dlq", exactly once         |
      | WRONG | careless | never processed    | every record of "orders" was processed in group "g" exactly once                              |
      | WRONG | careless | partition 0 offset 1 | every record of "orders" was either processed by "careless" or is in "dlq", exactly once    |
      | WRONG | foreign  | which is no topic of the scenario | every record of "orders" was processed in group "g" exactly once                 |
      | WRONG | foreign  | its log patterns catch something else | every record of "orders" was either processed by "foreign" or is in "dlq", exactly once |
      | WRONG | nowhere  | no partition     | every record of "orders" was processed in group "g" exactly once                              |
      | WRONG | nowhere  | no partition     | every record of "orders" was processed by "nowhere" or is in "dlq", at least once             |
      | RIGHT | nowhere  |                  | "nowhere" processed exactly 3 records                                                         |
      | WRONG | swapped  | has 1 partition  | every record of "orders" was processed in group "g" exactly once                              |
      | WRONG | swapped  | has 1 partition  | the records of "orders" were processed in group "g" in order per key                          |
