Feature: admin clients

  Scenario Outline: RIGHT <client>
    Given topic "orders" with 1 partition
    And topic "out" with 1 partition
    And application "admin" is the command "python3 admins/admin.py <client>" reading "orders" writing "out"
    When within 30s application "admin" has finished
    Then "admin" said "sees True 3 compact" exactly 1 time
    And "admin" said "of one topic 1" exactly 1 time

    Examples:
      | client       |
      | librdkafka   |
      | kafka-python |
