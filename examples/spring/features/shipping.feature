Feature: Shipping
  Each order gives a shipment, or a dead letter where it cannot be read. Nothing stops its partition, and nothing is lost.

  Background:
    Given topic "orders" with 3 partitions
    And topic "shipments" with 3 partitions
    And topic "orders-dlt" with 1 partitions
    And application "shipping" of the profile is in group "shipping" reading "orders"

  Scenario: An order that cannot be read is set aside
    Given these records are in "orders":
      | partition | key | value                 |
      | 2         | u1  | {"id": 1, "items": 5} |
      | 2         | u1  | not JSON              |
      | 2         | u1  | {"id": 3, "items": 7} |
    When within 30s "shipping" has caught up with "orders"
    Then topic "orders-dlt" has 3 partitions
    And "orders-dlt" contains exactly:
      | partition | key | value    | headers.dlq-source-partition |
      | 2         | u1  | not JSON | 2                            |
    And "shipments" contains exactly:
      | key | value.id | value.items |
      | u1  | 1        | 5           |
      | u1  | 3        | 7           |

  Scenario: A shipment that cannot be written is tried again
    Given the next Produce request from "shipping" to "shipments" fails with MESSAGE_TOO_LARGE
    When these records are sent to "orders":
      | key | value                 |
      | u1  | {"id": 1, "items": 5} |
      | u2  | {"id": 2, "items": 7} |
    And within 30s "shipping" has caught up with "orders"
    Then every record of "orders" has exactly one result in "shipments" or "orders-dlt", by "id"

  Scenario: An order is committed only when its dead letter is safe
    Given every Produce request from "shipping" to "orders-dlt" is delayed by 500ms
    When these records are sent to "orders":
      | partition | key | value    |
      | 0         | u1  | not JSON |
    And within 30s "shipping" has caught up with "orders"
    Then "shipping" committed no offset of "orders" before the dead letter was acknowledged
    And "orders-dlt" contains exactly 1 record

  Scenario: An order that breaks a rule is tried again, and then set aside
    When these records are sent to "orders":
      | key | value        |
      | u1  | {"items": 5} |
      | u1  | {"id": 2}    |
    And within 30s "shipping" has caught up with "orders"
    Then "orders-dlt" contains exactly:
      | key | value        |
      | u1  | {"items": 5} |
    And "shipments" contains exactly:
      | key | value.id | value.items |
      | u1  | 2        | 1           |
