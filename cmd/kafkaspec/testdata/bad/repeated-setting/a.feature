Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
      | fail-rate | 10% |
      | fail-rate | 20% |
    Then "shipping" processed exactly 1 record
