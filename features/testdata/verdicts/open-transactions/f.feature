Feature: Open transactions
  What stands behind an open transaction cannot be read, so nothing is certain of all that a topic holds.

  Background:
    Given topic "orders" with 1 partition
    And topic "copies" with 1 partition
    And the record "a" is in "orders"
    And the record "a" is in "copies"

  Scenario Outline: WRONG <claim>
    Given group "g" commits offset 1 of "orders" partition 0
    When a transaction with 3 records in "orders" partition 0 is open
    Then within 500ms <claim>

    Examples:
      | claim                                                |
      | "orders" contains exactly 1 record                   |
      | every record of "orders" is in "copies" exactly once |
      | group "g" has no lag on "orders"                     |
      | the busiest partition of "orders" has at most 50% more than the mean |
      | the idlest partition of "orders" has at most 50% less than the mean  |

  Scenario: WRONG contains exactly
    When a transaction with 3 records in "orders" partition 0 is open
    Then within 500ms "orders" contains exactly:
      | value |
      | a     |

  Scenario: WRONG a copy behind an open transaction
    When a transaction with 1 record in "copies" partition 0 is open
    Then within 500ms every record of "orders" is in "copies" exactly once

  Scenario: RIGHT the transaction is aborted
    When a transaction with 3 records in "orders" partition 0 is open
    And the open transaction is aborted
    Then "orders" contains exactly 1 record
    And every record of "orders" is in "copies" exactly once

  Scenario: RIGHT the transaction is committed
    When a transaction with 3 records in "orders" partition 0 is open
    And the open transaction is committed
    Then "orders" contains exactly 4 records

  Scenario: RIGHT what can be read is looked at
    When a transaction with 3 records in "orders" partition 0 is open
    Then "orders" contains at least 1 record
    And "orders" contains:
      | value |
      | a     |
