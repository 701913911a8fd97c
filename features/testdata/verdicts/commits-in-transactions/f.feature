Feature: Commits in transactions
  Offsets sent to a transaction are committed when it is: work counts up to then.

  Background:
    Given topic "orders" with 1 partition
    And topic "dlq" with 1 partition

  Scenario Outline: <verdict> the work is done <how> the commit
    Given application "eos" is the command "env HOW=<how> python3 commits-in-transactions/eos.py" in group "g" reading "orders"
    And 3 records are in "orders" partition 0
    When application "eos" is started
    And within 20s "eos" has processed at least 3 records
    And within 20s "eos" has caught up with "orders"
    Then "eos" committed no offset of "orders" ahead of its work, with dead letters in "dlq"
    And "eos" processed exactly 3 records

    Examples:
      | verdict | how    |
      | RIGHT   | after  |
      | RIGHT   | aborts |
      | WRONG   | before |

  Scenario: RIGHT a step had moved the group on
    Given 5 records are in "orders" partition 0
    And group "g" commits offset 3 of "orders" partition 0
    And application "eos" is the command "env HOW=after python3 commits-in-transactions/eos.py" in group "g" reading "orders"
    When application "eos" is started
    And within 20s "eos" has processed at least 2 records
    And within 20s "eos" has caught up with "orders"
    Then "eos" committed no offset of "orders" ahead of its work, with dead letters in "dlq"

  Scenario Outline: <verdict> what is given up was committed: <how>, then <judge>, says "<says>"
    Given application "eos" is the command "env HOW=<how> python3 commits-in-transactions/eos.py" in group "g" reading "orders"
    And 3 records are in "orders" partition 0
    When application "eos" is started
    And within 20s "eos" has processed at least 3 records
    And application "eos" is restarted
    And the record "later" is sent to "orders"
    And within 20s "eos" has processed at least <n> records
    And application "eos" is stopped
    Then within 2s <judge>

    Examples:
      | verdict | how    | n | judge | says |
      | RIGHT   | after  | 4 | every partition of "orders" that was given up in group "g" was committed before | |
      | RIGHT   | aborts | 4 | every partition of "orders" that was given up in group "g" was committed before | |
      | RIGHT   | after  | 4 | each new owner in group "g" started where the group had committed on "orders" | |
      | WRONG   | never  | 7 | every partition of "orders" that was given up in group "g" was committed before | revoked without commit |
      | WRONG   | never  | 7 | each new owner in group "g" started where the group had committed on "orders" | nobody was given a partition that the group had committed |
      | WRONG   | never  | 7 | every record of "orders" was processed in group "g", twice only if it was not committed at a crash | free to commit before |
