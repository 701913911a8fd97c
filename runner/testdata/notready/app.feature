Feature: Applications that are not ready
  The message says what to look at.

  Scenario Outline: <how>
    Given topic "orders" with 1 partition
    And topic "other" with 1 partition
    And application "app" is the command "env 'HOW=<how>' python3 app.py" in group "shipping" reading "orders"
    When application "app" is started
    Then application "app" is running

    Examples:
      | how                  |
      | own group            |
      | own client and group |
      | assign               |
      | slow                 |
      | idle                 |
      | other topic          |
