Feature: Worlds in which records are not accounted for

  Background:
    Given topic "orders" with 1 partition
    And topic "orders_dlq" with 1 partition

  @wrong
  Scenario Outline: a record that nobody processed
    Given the record "a" is in "orders"
    And application "shipping" is the reference "talker" writing "orders_dlq"
      | says | processed topic=orders partition=0 offset=0 |
    When "shipping" has processed at least 1 record
    And the record "b" is sent to "orders"
    Then within 300ms <claim>

    Examples:
      | claim                                                                                             |
      | every record of "orders" was either processed by "shipping" or is in "orders_dlq", exactly once   |
      | every record of "orders" was processed by "shipping" or is in "orders_dlq", at least once         |

  @wrong
  Scenario: a record that is processed and set aside
    Given the record "a" is in "orders"
    And these records are in "orders_dlq":
      | value | headers.dlq-source-topic | headers.dlq-source-partition | headers.dlq-source-offset |
      | a     | orders                   | 0                            | 0                         |
    And application "shipping" is the reference "talker" writing "orders_dlq"
      | says | processed topic=orders partition=0 offset=0 |
    When "shipping" has processed at least 1 record
    Then within 300ms every record of "orders" was either processed by "shipping" or is in "orders_dlq", exactly once

  @wrong
  Scenario Outline: a dead letter of another key, value or topic, or that names none
    Given topic "returns" with 1 partition
    And these records are in "orders":
      | key | value |
      | u1  | a     |
    And these records are in "orders_dlq":
      | key   | value   | headers.dlq-source-topic | headers.dlq-source-partition | headers.dlq-source-offset |
      | <key> | <value> | <topic>                  | 0                            | 0                         |
    And application "shipping" is the reference "talker" writing "orders_dlq"
    When application "shipping" is started
    Then within 300ms every record of "orders" <claim>

    Examples:
      | key | value | topic   | claim                                                                        |
      | u2  | a     | orders  | was either processed by "shipping" or is in "orders_dlq", exactly once       |
      | u1  | b     | orders  | was either processed by "shipping" or is in "orders_dlq", exactly once       |
      | u1  | b     | orders  | was processed by "shipping" or is in "orders_dlq", at least once             |
      | u1  | a     | returns | was processed by "shipping" or is in "orders_dlq", at least once             |
      | u1  | a     | nowhere | was processed by "shipping" or is in "orders_dlq", at least once             |

  @holds
  Scenario Outline: two topics share their dead letters
    Given topic "returns" with 1 partition
    And the record "a" is in "orders"
    And the record "b" is in "returns"
    And these records are in "orders_dlq":
      | value | headers.dlq-source-topic | headers.dlq-source-partition | headers.dlq-source-offset |
      | a     | orders                   | 0                            | 0                         |
      | b     | returns                  | 0                            | 0                         |
    And application "shipping" is the reference "talker" writing "orders_dlq"
    When application "shipping" is started
    Then within 300ms <claim>

    Examples:
      | claim                                                                                            |
      | every record of "orders" was either processed by "shipping" or is in "orders_dlq", exactly once  |
      | every record of "returns" was either processed by "shipping" or is in "orders_dlq", exactly once |
      | no record of "returns" has two dead letters in "orders_dlq"                                      |

  @wrong
  Scenario: a record that was set aside twice
    Given the record "a" is in "orders"
    And these records are in "orders_dlq":
      | value | headers.dlq-source-topic | headers.dlq-source-partition | headers.dlq-source-offset |
      | a     | orders                   | 0                            | 0                         |
      | a     | orders                   | 0                            | 0                         |
    Then within 300ms no record of "orders" has two dead letters in "orders_dlq"

  @wrong
  Scenario: a commit before the dead letter
    Given application "shipping" is the reference "wrong/dlq-commit-before-safe" in group "shipping" reading "orders"
    And every Produce request from "shipping" to "orders_dlq" fails with NOT_LEADER_OR_FOLLOWER
    When the record "{}" is sent to "orders"
    And the record "not json" is sent to "orders"
    And "shipping" has caught up with "orders"
    Then within 300ms "shipping" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq"

  @wrong
  Scenario: a commit before the work
    Given application "shipping" is the reference "wrong/dlq-commit-before-safe" in group "shipping" reading "orders"
    And every Produce request from "shipping" to "orders_dlq" fails with NOT_LEADER_OR_FOLLOWER
    When the record "{}" is sent to "orders"
    And the record "not json" is sent to "orders"
    And "shipping" has caught up with "orders"
    Then within 300ms "shipping" committed no offset of "orders" ahead of its work

  @wrong
  Scenario: a commit before the dead letter is acknowledged
    Given application "shipping" is the reference "wrong/dlq-commit-before-safe" in group "shipping" reading "orders"
    And the next 2 Produce requests from "shipping" to "orders_dlq" fail with NOT_LEADER_OR_FOLLOWER
    When the record "not json" is sent to "orders"
    And "shipping" has caught up with "orders"
    Then "orders_dlq" contains at least 1 record
    And within 300ms "shipping" committed no offset of "orders" before the dead letter was acknowledged

  @empty
  Scenario Outline: no record
    Given application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
    When application "shipping" is started
    Then within 300ms <claim>

    Examples:
      | claim                                                                                             |
      | every record of "orders" was either processed by "shipping" or is in "orders_dlq", exactly once   |
      | every record of "orders" was processed by "shipping" or is in "orders_dlq", at least once         |
      | no record of "orders" has two dead letters in "orders_dlq"                                        |
      | "shipping" committed no offset of "orders" ahead of its work                                      |
      | "shipping" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq"   |
      | "shipping" committed no offset of "orders" before the dead letter was acknowledged                |
