Feature: What is said of all records, while a transaction is open
  Each claim holds of what can be read. More may be behind it: nothing is certain.

  Background:
    Given topic "orders" with 1 partition
    And topic "dlq" with 1 partition

  Scenario Outline: <verdict> rows, <ended>: <claim>
    Given the database has run "CREATE TABLE t (source_topic TEXT, source_partition INTEGER, source_offset INTEGER)"
    And the record "a" is in "orders"
    And application "app" is the command "python3 open-transactions/row.py" reading "orders"
    When application "app" has finished
    And a transaction with 1 record in "orders" partition 0 is open
    And the open transaction is <ended>
    Then within 500ms <claim>

    Examples:
      | verdict | ended     | claim                                                                    |
      | RIGHT   | aborted   | every record of "orders" has exactly one row in table "t"                |
      | WRONG   | committed | every record of "orders" has exactly one row in table "t"                |
      | RIGHT   | committed | every record of "orders" has at most one row in table "t"                |

  Scenario Outline: WRONG rows, says "is open": <claim>
    Given the database has run "CREATE TABLE t (source_topic TEXT, source_partition INTEGER, source_offset INTEGER)"
    And the record "a" is in "orders"
    And application "app" is the command "python3 open-transactions/row.py" reading "orders"
    When application "app" has finished
    And a transaction with 1 record in "orders" partition 0 is open
    Then within 500ms <claim>

    Examples:
      | claim                                                                    |
      | every record of "orders" has exactly one row in table "t"                |
      | every record of "orders" has at least one row in table "t"               |
      | every record of "orders" has at most one row in table "t"                |
      | the verdict on "orders" in table "t" is "neither lost nor repeated"      |

  Scenario Outline: <verdict> versions of a schema<says>: <claim>
    Given these records are in "orders" encoded by schema "user-v1":
      | value.id | value.age |
      | u1       | 30        |
    When a transaction with 1 record in "orders" partition 0 is open
    Then within 500ms <claim>

    Examples:
      | verdict | says             | claim                                                |
      | WRONG   | , says "is open" | "orders" contains exactly 1 record of schema version 1  |
      | WRONG   | , says "is open" | "orders" contains at most 1 record of schema version 1  |
      | RIGHT   |                  | "orders" contains at least 1 record of schema version 1 |

  Scenario Outline: WRONG numbered events, says "is open": <claim>
    Given these records are in "orders":
      | key | value     |
      | a   | {"seq":0} |
      | a   | {"seq":1} |
    And application "app" is the command "sh open-transactions/says.sh '<said>'" writing "orders"
    When a transaction with 1 record in "orders" partition 0 is open
    Then within 1s <claim>

    Examples:
      | claim                                                         | said                                                                                   |
      | field "seq" of "orders" runs from 0 to 1, each exactly once   | ready                                                                                  |
      | every event of "orders" was received by "app" once and in order | done producers=1 received=2 records=2 lost=0 repeated=0 reordered=0 foreign=0        |
      | "app" reported as many acknowledged records as "orders" holds | done acknowledged=2                                                                    |

  Scenario Outline: RIGHT numbered events: <claim>
    Given these records are in "orders":
      | key | value     |
      | a   | {"seq":0} |
      | a   | {"seq":1} |
    And application "app" is the command "sh open-transactions/says.sh '<said>'" writing "orders"
    When a transaction with 1 record in "orders" partition 0 is open
    And the open transaction is aborted
    Then within 5s <claim>

    Examples:
      | claim                                                         | said                                                                                   |
      | field "seq" of "orders" runs from 0 to 1, each exactly once   | ready                                                                                  |
      | every event of "orders" was received by "app" once and in order | done producers=1 received=2 records=2 lost=0 repeated=0 reordered=0 foreign=0        |
      | "app" reported as many acknowledged records as "orders" holds | done acknowledged=2                                                                    |

  Scenario: WRONG readings, says "is open"
    Given schema "user-v1" is registered for "orders"
    And application "reader" is the reference "schema-consumer" in group "readers" reading "orders"
      | dead-letter-topic | dlq |
    When these records are sent to "orders" encoded by schema "user-v1":
      | value.id | value.age |
      | u1       | 30        |
    And "reader" has caught up with "orders"
    And a transaction with 1 record in "orders" partition 0 is open
    Then within 1s "reader" read "orders" as:
      | outcome | value.id |
      | read    | u1       |

  Scenario Outline: <verdict> dead letters<says>, a transaction on <topic> is <ended>: <claim>
    Given these records are in "orders":
      | value |
      | a     |
      | b     |
    And these records are in "dlq":
      | value | headers.dlq-source-topic | headers.dlq-source-partition | headers.dlq-source-offset |
      | a     | orders                   | 0                            | 0                         |
    And application "app" is the command "sh open-transactions/says.sh 'processed topic=ORDERS partition=0 offset=1'" reading "orders"
    When a transaction with 1 record in "<topic>" partition 0 is open
    And the open transaction is <ended>
    Then within 1s <claim>

    Examples:
      | verdict | says | topic  | ended   | claim                                                                           |
      | RIGHT   |      | dlq    | aborted | no record of "orders" has two dead letters in "dlq"                             |
      | RIGHT   |      | dlq    | aborted | every record of "orders" was either processed by "app" or is in "dlq", exactly once |
      | RIGHT   |      | orders | aborted | every record of "orders" was either processed by "app" or is in "dlq", exactly once |

  Scenario Outline: WRONG dead letters, says "is open", on <topic>: <claim>
    Given these records are in "orders":
      | value |
      | a     |
      | b     |
    And these records are in "dlq":
      | value | headers.dlq-source-topic | headers.dlq-source-partition | headers.dlq-source-offset |
      | a     | orders                   | 0                            | 0                         |
    And application "app" is the command "sh open-transactions/says.sh 'processed topic=ORDERS partition=0 offset=1'" reading "orders"
    When a transaction with 1 record in "<topic>" partition 0 is open
    Then within 1s <claim>

    Examples:
      | topic  | claim                                                                               |
      | dlq    | no record of "orders" has two dead letters in "dlq"                                 |
      | dlq    | every record of "orders" was either processed by "app" or is in "dlq", exactly once |
      | dlq    | every record of "orders" was processed by "app" or is in "dlq", at least once       |
      | orders | every record of "orders" was either processed by "app" or is in "dlq", exactly once |
      | orders | every record of "orders" was processed by "app" or is in "dlq", at least once       |
