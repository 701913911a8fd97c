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

  Scenario: A letter goes back to its own partition, and is parked when its attempts are used up
    Given topic "orders" with 3 partitions
    And topic "orders_dlq" with 1 partition
    And topic "orders_dlq_parking" with 1 partition
    And these records are in "orders_dlq":
      | key | value | headers.dlq-source-topic | headers.dlq-source-partition | headers.dlq-attempts |
      | u1  | a     | orders                   | 0                            | 1                    |
      | u1  | b     | orders                   | 1                            | 1                    |
      | u1  | c     | orders                   | 2                            | 1                    |
      | u1  | d     | orders                   | 2                            | 2                    |
    And application "redrive" is the reference "dlq-redrive" in group "redrive" reading "orders_dlq"
      | max-attempts | 2 |
    When application "redrive" has finished
    Then "orders" contains exactly:
      | partition | key | value | headers.dlq-attempts |
      | 0         | u1  | a     | 1                    |
      | 1         | u1  | b     | 1                    |
      | 2         | u1  | c     | 1                    |
    And "orders_dlq_parking" contains exactly:
      | key | value | headers.dlq-source-partition | headers.dlq-attempts |
      | u1  | d     | 2                            | 2                    |
    And "orders_dlq" contains exactly 4 records
    And "redrive" said "redriven=3 parked=1" exactly 1 time

  Scenario: With follow, letters that come later are sent back as well, those of transactions among them
    Given topic "orders" with 1 partition
    And topic "orders_dlq" with 1 partition
    And topic "orders_dlq_parking" with 1 partition
    And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
      | transactional | true |
    And application "redrive" is the reference "dlq-redrive" in group "redrive" reading "orders_dlq"
      | follow       | true |
      | max-attempts | 2    |
    When application "redrive" is started
    And "redrive" owns 1 partition of "orders_dlq"
    And the record "not json" is sent to "orders"
    Then "redrive" said "msg=redriven" exactly 1 time
    And "orders_dlq_parking" contains exactly 1 record
    And "orders" contains exactly 2 records
    And "orders_dlq" contains exactly 2 records
    And for 500ms application "redrive" is running

  Scenario: A redrive that may not read the letters ends
    Given topic "orders_dlq" with 1 partition
    And the record "not json" is in "orders_dlq"
    And application "redrive" is the reference "dlq-redrive" in group "redrive" reading "orders_dlq"
    And every Fetch request from "redrive" fails with TOPIC_AUTHORIZATION_FAILED
    When application "redrive" is started
    Then application "redrive" fails with "fetch topic"
    And group "redrive" has committed nothing of "orders_dlq"
