@kafka
Feature: Retention takes records

  Background:
    Given topic "orders" with 1 partition
      | retention.ms | 1500 |
      | segment.ms   | 100  |
    And topic "dlq" with 1 partition
    And application "reader" is the command "env ISOLATION=read_committed python3 records-gone/reader.py" in group "g" reading "orders"

  Scenario Outline: RIGHT taken after it was processed, <judge>
    When application "reader" is started
    And 4 records are sent to "orders" partition 0
    And within 15s "reader" has caught up with "orders"
    Then within 15s "orders" is empty
    And within 2s <judge>

    Examples:
      | judge                                                                                  |
      | every record of "orders" was either processed by "reader" or is in "dlq", exactly once |
      | every record of "orders" was processed in group "g" exactly once                       |
      | "reader" committed no offset of "orders" ahead of its work                             |
      | group "g" has no lag on "orders"                                                       |
      | "reader" has caught up with "orders"                                                   |
      | no acknowledged record of "orders" was lost or replaced                                |

  Scenario Outline: <verdict> taken before it was processed<says>, <judge>
    When application "reader" is started
    And application "reader" is stopped
    And 4 records are sent to "orders" partition 0
    Then within 15s "orders" is empty
    When application "reader" is restarted
    And 2 records are sent to "orders" partition 0
    And within 15s "reader" has caught up with "orders"
    Then within 1s <judge>

    Examples:
      | verdict | says                       | judge                                                                                  |
      | WRONG   | , says "(gone from the log)" | every record of "orders" was either processed by "reader" or is in "dlq", exactly once |
      | WRONG   | , says "(gone from the log)" | every record of "orders" was processed in group "g" exactly once                       |
      | WRONG   | , says "still there when" | "reader" committed no offset of "orders" ahead of its work                             |
      | WRONG   | , says "had processed none of" | no partition of "orders" was committed in group "g" by one that no longer owned it |
      | RIGHT   |                            | no acknowledged record of "orders" was lost or replaced                                |
      | RIGHT   |                            | "reader" read "orders" without skipping records or going back            |

  Scenario: RIGHT given up when it was processed and taken
    When application "reader" is started
    And 4 records are sent to "orders" partition 0
    And within 15s "reader" has caught up with "orders"
    Then within 15s "orders" is empty
    When application "reader" is stopped
    Then within 5s no partition of "orders" was committed in group "g" by one that no longer owned it

  Scenario Outline: RIGHT all that was left is gone, <judge>
    When application "reader" is started
    And 4 records are sent to "orders" partition 0
    And within 15s "reader" has caught up with "orders"
    And application "reader" is stopped
    And 4 records are sent to "orders" partition 0
    Then within 15s "orders" is empty
    When application "reader" is restarted
    Then within 5s <judge>

    Examples:
      | judge                                                                                  |
      | "reader" has caught up with "orders" |
      | group "g" has no lag on "orders"                                                       |

  Scenario: WRONG passed over, and taken then, says "commit ahead"
    Given application "first" is the command "python3 acts/act.py c poll:4 work:0,1,2 commit say:ready wait close" in group "f" reading "orders"
    When application "first" is started
    And 4 records are sent to "orders" partition 0
    And within 15s "first" has said "ready"
    Then "orders" contains at least 4 records
    And within 15s "orders" is empty
    And within 1s "first" committed no offset of "orders" ahead of its work
