Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And application "shipping" is the reference "dlq-consumr" in group "shipping" reading "orders"
    Then "shipping" processed exactly 1 record
