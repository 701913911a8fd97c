Feature: CloudEvents about what a service answered
  Of each order there is one event, which keeps to CloudEvents 1.0 and has the id of its order.

  Background:
    Given topic "orders" with 1 partition
    And topic "payments" with 1 partition
    And these records are in "orders":
      | key | value                      | timestamp                |
      | u1  | {"id": "o-1", "amount": 5} | 2026-01-05T10:00:00Z     |
      | u2  | {"id": "o-2", "amount": 7} | 2026-01-05T10:00:01.250Z |
    And an HTTP service "payments" that answers:
      | method | path          | status |
      | POST   | /payments/o-2 | 402    |
      | POST   | /payments/*   | 201    |

  Scenario Outline: Events are <mode>
    Given application "payer" is the reference "payer" in group "payers" reading "orders" writing "payments"
      | events | <mode> |
    When "payer" has caught up with "orders"
    Then every record of "payments" is a <mode> CloudEvent
    And "payments" contains exactly, as CloudEvents:
      | key | headers.ce_type | headers.ce_id       | headers.ce_source | headers.ce_time         | value.order |
      | u1  | payment.made    | ${topic.orders}-0-0 | /payer            | 2026-01-05T10:00:00Z    | o-1         |
      | u2  | payment.refused | ${topic.orders}-0-1 | /payer            | 2026-01-05T10:00:01.25Z | o-2         |

    Examples:
      | mode       |
      | binary     |
      | structured |

  Scenario: An event that is written again has the id that it had
    Given application "payer" is the reference "payer" in group "payers" reading "orders" writing "payments"
    When application "payer" is started
    And "payer" has caught up with "orders"
    And application "payer" is stopped
    And group "payers" commits offset 0 of "orders" partition 0
    And application "payer" is restarted
    Then "payments" contains exactly 4 records
    And every record of "payments" is a CloudEvent
