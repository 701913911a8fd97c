Feature: A shop
  An order that was answered is kept, and is paid once, whatever becomes of Kafka and of payments.

  Background:
    Given topic "orders" with 1 partition
    And application "shop" of the profile is in group "shop" reading "orders" writing "orders"
    And an HTTP service "payments" that answers:
      | method | path      | status | body             |
      | POST   | /payments | 201    | {"state":"paid"} |

  Scenario: An order is kept and paid
    When "shop" is asked 5 times POST "/orders"
      """
      {"id": "o-${number}", "amount": 5}
      """
    Then the answers are like:
      | status | body.state |
      | 201    | open       |
    And "shop" answers GET "/orders/o-5" like:
      | status | body.state |
      | 200    | paid       |
    And every record of "orders" caused exactly one request to "payments", by "key" in "body.order"
    And the requests to "payments" come in the order of the records of "orders", by "id" in "body.order"

  Scenario: An order that makes no sense is not kept
    When "shop" is asked POST "/orders"
      """
      {"id": "o-1", "amount": -5}
      """
    Then the answer has status 422
    And for 200ms "orders" is empty

  Scenario: A payment that fails is tried again
    Given the HTTP service "payments" answers with status 503 for the next 3 requests
    When "shop" is asked POST "/orders"
      """
      {"id": "o-1", "amount": 5}
      """
    Then every record of "orders" caused exactly one request to "payments"
    And the HTTP service "payments" was asked 4 times

  Scenario: A payment whose answer was lost is asked for with the same key
    Given the HTTP service "payments" acts and loses its answers for the next 1 request
    When "shop" is asked POST "/orders"
      """
      {"id": "o-1", "amount": 5}
      """
    Then the HTTP service "payments" was asked:
      | method | path      | headers.Idempotency-Key | status |
      | POST   | /payments | o-1                     | 0      |
      | POST   | /payments | o-1                     | 201    |

  Scenario: An order that cannot be kept is not answered with success
    Given every Produce request from "shop" fails with INVALID_RECORD
    When "shop" is asked POST "/orders"
      """
      {"id": "o-1", "amount": 5}
      """
    Then the answer has status 503
