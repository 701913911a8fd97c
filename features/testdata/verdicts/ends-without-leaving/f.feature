Feature: Applications that end without leaving their group
  One that ends with exit code 0 was free to commit what it had done; one that is killed was not.

  Background:
    Given topic "orders" with 1 partition
    And 4 records are in "orders" partition 0

  Scenario Outline: <v> is <ended>, HOW=<how><says>
    Given application "app" is the command "env HOW=<how> python3 ends-without-leaving/static.py" in group "g" reading "orders"
    When "app" has processed at least 4 records
    And application "app" is <ended>
    And application "app" is restarted
    And 1 record is sent to "orders" partition 0
    And "app" has processed at least <n> records
    Then every record of "orders" was processed in group "g", twice only if it was not committed at a crash

    Examples:
      | v     | how     | ended   | n | says                        |
      | RIGHT | commits | stopped | 5 |                             |
      | RIGHT | forgets | killed  | 9 |                             |
      | WRONG | forgets | stopped | 9 | , says "was free to commit" |
