Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
    When "shiping" has caught up with "orders"
    Then "billing" processed exactly 1 record
