Feature: Dead letters are sent back
  A redrive sends dead letters back to their topic. The count of attempts stays with the record.

  Scenario: Dead letters are sent back, and the attempts add up
    Given topic "orders" with 3 partitions
    And topic "orders_dlq" with 1 partition
    And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
    And these records are in "orders":
      | key | value    | headers.trace |
      | u1  | not json | b             |
    And application "redrive" is the reference "dlq-redrive" in group "redrive" reading "orders_dlq"
    When "shipping" has caught up with "orders"
    And application "redrive" is started
    And application "redrive" has finished
    And "shipping" has caught up with "orders"
    Then "orders" contains exactly:
      | key | value    | headers.trace | headers.dlq-attempts | headers.dlq-source-topic |
      | u1  | not json | b             | <absent>             | <absent>                 |
      | u1  | not json | b             | 1                    | <absent>                 |
    And "orders_dlq" contains in order:
      | key | value    | headers.trace | headers.dlq-attempts |
      | u1  | not json | b             | 1                    |
      | u1  | not json | b             | 2                    |
