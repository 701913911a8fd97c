Feature: Protobuf, several messages in one topic
  Each record names its message of the schema, so messages that look alike are told apart.

  Background:
    Given topic "users" with 2 partitions
    And topic "users_dlq" with 1 partition
    And schema "shop-events" is registered for "users"
    And application "reader" is the reference "schema-consumer" in group "readers" reading "users"

  Scenario: Each record is read as its own message
    When these records are sent to "users" encoded by schema "shop-events":
      | key | value                                         |
      | o1  | {"id":"o1","lines":[{"item":"x","count":2}]}  |
    And these records are sent to "users" encoded by message "Payment" of schema "shop-events":
      | key | value.order_id | value.cents         |
      | o1  | "o1"           | 9007199254740993    |
    And these records are sent to "users" partition 1 encoded by message "Order.Line" of schema "shop-events":
      | key | value.item |
      | o1  | y          |
    Then "reader" read "users" as:
      | outcome | value                                        |
      | read    | {"id":"o1","lines":[{"item":"x","count":2}]} |
      | read    | {"order_id":"o1","cents":9007199254740993}   |
      | read    | {"item":"y","count":0}                       |
    And "users" contains exactly 1 record of message "shop.Order"
    And "users" contains exactly 1 record of message "Payment"
    And "users" contains exactly 1 record of message "Order.Line"
    And "users_dlq" is empty
