Feature: a
  Scenario: one
    Given topic "orders" with 1 partition
    And application "shipping" is the command "./missing --fast" in group "shipping" reading "orders"
    And the record "x" is in "orders"
    Then "shipping" processed exactly 1 record
