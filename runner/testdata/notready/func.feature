Feature: Applications in process that are not ready

  Scenario: elsewhere
    Given topic "orders" with 1 partition
    And application "app" is the reference "elsewhere" in group "shipping" reading "orders"
    When application "app" is started
    Then application "app" is running
