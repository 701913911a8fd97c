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
