Feature: Requests to an HTTP service
  Each order is paid for once, in order, whatever becomes of a request. An order is committed once the service has
  answered.

  Background:
    Given topic "orders" with 1 partition
    And topic "payments" with 1 partition
    And application "payer" is the reference "payer" in group "payers" reading "orders" writing "payments"
      | retry | 20ms |
    And these records are in "orders":
      | key | value                       |
      | u1  | {"id": "o-1", "amount": 5}  |
      | u1  | {"id": "o-2", "amount": 7}  |
      | u1  | {"id": "o-3", "amount": 12} |

  Scenario: Each order is paid for once, and in order
    Given an HTTP service "payments" that answers:
      | method | path        | status |
      | POST   | /payments/* | 201    |
    When "payer" has caught up with "orders"
    Then every record of "orders" caused exactly one request to "payments", by "id"
    And the requests to "payments" come in the order of the records of "orders", by "id" in "/payments/*"
    And the HTTP service "payments" was asked:
      | path          | body.amount | headers.Idempotency-Key |
      | /payments/o-3 | 12          | ${topic.orders}-0-2     |

  Scenario: What fails for now is asked again
    Given an HTTP service "payments"
    And the HTTP service "payments" answers with status 503 for the next 2 requests
    When "payer" has caught up with "orders"
    Then every record of "orders" caused exactly one request to "payments", by "id"
    And the HTTP service "payments" was asked exactly 5 times

  Scenario: A request whose answer was lost is made again under its key
    Given an HTTP service "payments"
    And the HTTP service "payments" acts and loses its answers for the next 1 request
    When "payer" has caught up with "orders"
    Then the HTTP service "payments" was asked exactly 4 times
    And the HTTP service "payments" was asked:
      | path          | status | headers.Idempotency-Key |
      | /payments/o-1 | 0      | ${topic.orders}-0-0     |
      | /payments/o-1 | 200    | ${topic.orders}-0-0     |

  Scenario: What is refused is not asked again
    Given an HTTP service "payments" that answers:
      | method | path          | status |
      | POST   | /payments/o-2 | 402    |
      | POST   | /payments/*   | 201    |
    When application "payer" is started
    Then the HTTP service "payments" was asked at least 3 times
    And the HTTP service "payments" was asked exactly 1 time POST "/payments/o-2"
    And "payer" has caught up with "orders"

  Scenario: Nothing is committed while the service is down
    Given an HTTP service "payments"
    And the HTTP service "payments" is down
    When application "payer" is started
    Then the HTTP service "payments" was asked at least 2 times
    And for 100ms group "payers" has committed nothing of "orders"
    When the HTTP service "payments" is up again
    Then group "payers" has committed offset 3 of "orders" partition 0

  Scenario: An offset that the group refuses, as it goes on to another generation, is committed again
    Given an HTTP service "payments"
    And the next OffsetCommit request from "payer" fails with REBALANCE_IN_PROGRESS
    When "payer" has caught up with "orders"
    Then every record of "orders" caused exactly one request to "payments", by "id"
    And group "payers" has committed offset 3 of "orders" partition 0
