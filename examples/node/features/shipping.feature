Feature: Shipping
  An order that cannot be read does not stop its partition, and is not lost.

  Background:
    Given topic "orders" with 1 partition
    And topic "orders_dlq" with 1 partition
    And application "shipping" of the profile is in group "shipping" reading "orders"
    And these records are in "orders":
      | key | value         |
      | u1  | {"amount": 5} |
      | u1  | not JSON      |
      | u2  | {"amount": 7} |

  Scenario: An order that cannot be read is set aside
    When "shipping" has caught up with "orders"
    Then "orders_dlq" contains exactly:
      | key | value    | headers.dlq-error-class |
      | u1  | not JSON | SyntaxError             |
    And every record of "orders" was either processed by "shipping" or is in "orders_dlq", exactly once

  Scenario: An order is committed only when its dead letter is safe
    Given every Produce request from "shipping" to "orders_dlq" is delayed by 500ms
    When "shipping" has caught up with "orders"
    Then "shipping" committed no offset of "orders" before the dead letter was acknowledged
    And "orders_dlq" contains exactly 1 record

  Scenario: It leaves its group when it is told to stop
    When "shipping" has caught up with "orders"
    And application "shipping" is stopped
    Then "shipping" left group "shipping"
    And "orders_dlq" contains exactly 1 record
