Feature: Windows after a crash within a transaction
  Who starts again ends the transaction that its last life left open, and does not wait for it.

  Background:
    Given the day is 2026-01-05
    And topic "readings" with 2 partitions
    And topic "readings_windows" with 1 partition
    And topic "readings_late" with 1 partition
    And topic "readings_changelog" with 2 partitions
      | cleanup.policy | compact |
    And application "meter" is the reference "windower" in group "meter" reading "readings"
      | session-timeout     | 2s |
      | transaction-timeout | 1m |

  Scenario: A crash within a transaction does not keep the next life waiting
    Given these records are in "readings":
      | partition | key | value         | timestamp |
      | 0         | m1  | {"amount": 1} | 10:00     |
    And the next EndTxn request from "meter" is held
    When application "meter" is started
    And a request is held
    And application "meter" is killed
    And application "meter" is restarted
    And within 20s "meter" has caught up with "readings"
    And these records are sent to "readings":
      | partition | key | value         | timestamp |
      | 0         | m1  | {"amount": 2} | 10:07     |
    Then "readings_windows" holds exactly these windows:
      | key | window      | count | sum |
      | m1  | 10:00-10:05 | 1     | 1   |
