@any-cluster
Feature: Dead letters of frameworks
  Each says where its record was in headers of its own, as text or as binary numbers.

  Scenario Outline: <verdict> sets aside like <like>, HOW=<how><says>: <claim>
    Given topic "orders" with 1 partition
    And topic "dlq" with 1 partition
    And application "<like>" of the profile is in group "g" reading "orders" writing "dlq"
      | how | <how> |
    And these records are in "orders":
      | key | value |
      | u1  | good  |
      | u2  | bad   |
    When application "<like>" is started
    And within 20s "<like>" has caught up with "orders"
    Then "dlq" contains exactly 1 record
    And within 1s <claim>

    Examples:
      | verdict | like     | how      | says                                        | claim                                                                                    |
      | RIGHT   | spring   | fine     |                                             | every record of "orders" was either processed by "spring" or is in "dlq", exactly once   |
      | RIGHT   | spring   | fine     |                                             | "spring" committed no offset of "orders" ahead of its work, with dead letters in "dlq"   |
      | RIGHT   | spring   | fine     |                                             | no record of "orders" has two dead letters in "dlq"                                      |
      | RIGHT   | spring   | fine     |                                             | "spring" committed no offset of "orders" before the dead letter was acknowledged         |
      | RIGHT   | connect  | fine     |                                             | every record of "orders" was either processed by "connect" or is in "dlq", exactly once  |
      | RIGHT   | smallrye | fine     |                                             | every record of "orders" was either processed by "smallrye" or is in "dlq", exactly once |
      | RIGHT   | own      | fine     |                                             | every record of "orders" was either processed by "own" or is in "dlq", exactly once      |
      | RIGHT   | smallrye | again    |                                             | every record of "orders" was either processed by "smallrye" or is in "dlq", exactly once |
      | WRONG   | spring   | offset   | , says "orders partition 0 offset 41"       | every record of "orders" was either processed by "spring" or is in "dlq", exactly once   |
      | WRONG   | spring   | offset   | , says "offset 41, where there is no record" | no record of "orders" has two dead letters in "dlq"                                     |
      | WRONG   | spring   | partition | , says "partition 7 offset 1, where there is no record" | no record of "orders" has two dead letters in "dlq"                              |
      | WRONG   | connect  | negative | , says "does not name its record"            | no record of "orders" has two dead letters in "dlq"                                     |
      | WRONG   | connect  | topic    | , says "commit ahead"                        | "connect" committed no offset of "orders" ahead of its work, with dead letters in "dlq" |
      | WRONG   | spring   | offset   | , says "offset 41, where there is no record" | "spring" committed no offset of "orders" before the dead letter was acknowledged        |
      | WRONG   | spring   | text     | , says "0 (not a binary number of 4 bytes)" | every record of "orders" was either processed by "spring" or is in "dlq", exactly once   |
      | WRONG   | spring   | text     | , says "1 (not a binary number of 8 bytes)" | "spring" committed no offset of "orders" before the dead letter was acknowledged         |
      | WRONG   | spring   | nameless | , says "kafka_dlt-original-offset"          | no record of "orders" has two dead letters in "dlq"                                      |
      | WRONG   | connect  | offset   | , says "orders partition 0 offset 41"       | every record of "orders" was either processed by "connect" or is in "dlq", exactly once  |
      | WRONG   | connect  | binary   | , says "__connect.errors.offset"            | "connect" committed no offset of "orders" ahead of its work, with dead letters in "dlq"  |
      | WRONG   | smallrye | nameless | , says "dead-letter-topic"                  | every record of "orders" was either processed by "smallrye" or is in "dlq", exactly once |
      | WRONG   | smallrye | binary   | , says "dead-letter-offset"                 | every record of "orders" was either processed by "smallrye" or is in "dlq", exactly once |
      | WRONG   | own      | text     | , says "not a binary number of 2"           | every record of "orders" was either processed by "own" or is in "dlq", exactly once      |
      | WRONG   | own      | key      | , says "altered dead letter"                | every record of "orders" was either processed by "own" or is in "dlq", exactly once      |

  Scenario Outline: <verdict> tells the cause and the attempts like <like>, HOW=<how><says>
    Given topic "orders" with 1 partition
    And topic "dlq" with 1 partition
    And application "<like>" of the profile is in group "g" reading "orders" writing "dlq"
      | how | <how> |
    And these records are in "orders":
      | key | value |
      | u2  | bad   |
    When application "<like>" is started
    And within 20s "<like>" has caught up with "orders"
    Then within 1s "dlq" contains exactly:
      | value | headers.dlq-source-topic | headers.dlq-source-offset | headers.dlq-error-message | headers.dlq-attempts |
      | bad   | orders                   | 0                         | cannot read it            | 3                    |

    Examples:
      | verdict | like   | how    | says                              |
      | RIGHT   | spring | fine   |                                   |
      | RIGHT   | own    | fine   |                                   |
      | WRONG   | spring | offset | , says "dlq-source-offset"        |
      | WRONG   | spring | text   | , says "not a binary number of 4" |
