Feature: Nothing was shown
  What holds though nothing was looked at must not pass.

  Scenario: WRONG a commit past the end counts as no lag
    Given topic "orders" with 1 partition
    And 20 records are in "orders" partition 0
    And group "g" commits offset 1019 of "orders" partition 0
    When 5 records are sent to "orders" partition 0
    Then group "g" has no lag on "orders"

  Scenario: WRONG no record is like misspelt field
    Given topic "o" with 1 partition
    And these records are in "o":
      | key | value          |
      | u1  | {"amount": -5} |
    Then within 500ms no record of "o" is like:
      | value.amuont |
      | -5           |

  Scenario: WRONG no record is like misspelt header
    Given topic "o" with 1 partition
    And these records are in "o":
      | key | headers.trace |
      | u1  | a             |
    Then for 100ms no record of "o" is like:
      | headers.trase |
      | a             |
