Feature: What a group waits for is named

  Scenario: WRONG A member that was killed is waited for; says "was killed"
    Given topic "orders" with 3 partitions
    And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
      | session-timeout | 30s |
    And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
      | session-timeout | 30s |
    When application "first" is started
    And application "second" is started
    And within 10s "second" owns at least 1 partition of "orders"
    And application "first" is killed
    Then within 3s "second" owns 3 partitions of "orders"
