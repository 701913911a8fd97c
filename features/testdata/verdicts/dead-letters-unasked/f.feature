Feature: Dead letters that no step speaks of
  They are found at the end; those of a transaction that never ended cannot be read, and may be dead letters.

  Scenario Outline: <verdict> a transaction that is <how><says>
    Given topic "orders" with 1 partition
    And topic "orders_dlq" with 1 partition
    And application "app" is the command "env 'HOW=<how>' python3 dead-letters-unasked/app.py" writing "orders_dlq"
    When within 20s application "app" has finished
    Then "orders" is empty

    Examples:
      | verdict | how                | says                                |
      | WRONG   | left open          | , says "may hold dead letters"      |
      | WRONG   | committed          | , says "holds 1 dead letter and no" |
      | RIGHT   | aborted            |                                     |

  Scenario: WRONG behind one that can be read, says "holds 1 dead letter and no"
    Given topic "orders" with 1 partition
    And topic "orders_dlq" with 1 partition
    And the record "a" is in "orders_dlq"
    And application "app" is the command "env 'HOW=left open' python3 dead-letters-unasked/app.py" writing "orders_dlq"
    When within 20s application "app" has finished
    Then "orders" is empty
