Feature: A topic is deleted and made again
  The new one is another topic. What the old one held is gone, and what was committed of it says nothing of the new one.

  Background:
    Given topic "orders" with 1 partition
    And topic "dlq" with 1 partition
    And application "reader" is the command "env ISOLATION=read_committed python3 records-gone/reader.py" in group "g" reading "orders"

  Scenario: RIGHT what is looked at is the new topic
    Given 3 records are in "orders" partition 0
    Then "orders" contains exactly 3 records
    When the command "python3 remade/again.py ${topic.orders} 2" is run
    Then within 5s "orders" contains exactly 0 records
    And topic "orders" has 2 partitions
    When 4 records are sent to "orders" partition 0
    Then within 5s "orders" contains exactly 4 records

  Scenario: WRONG records of the old topic are not in the new one, says "0"
    Given 3 records are in "orders" partition 0
    Then "orders" contains exactly 3 records
    When the command "python3 remade/again.py ${topic.orders} 1" is run
    Then within 1s "orders" contains exactly 3 records

  Scenario Outline: RIGHT all of both was processed, <claim>
    Given 4 records are in "orders" partition 0
    When within 15s "reader" has caught up with "orders"
    And application "reader" is stopped
    And the command "python3 remade/again.py ${topic.orders} 1" is run
    And 2 records are sent to "orders" partition 0
    And application "reader" is restarted
    And within 15s "reader" has caught up with "orders"
    Then within 5s <claim>

    Examples:
      | claim                                                                                  |
      | every record of "orders" was either processed by "reader" or is in "dlq", exactly once |
      | every record of "orders" was processed by "reader" or is in "dlq", at least once       |
      | every record of "orders" was processed in group "g" exactly once                       |

  Scenario: RIGHT while it is read
    Given 4 records are in "orders" partition 0
    When within 15s "reader" has caught up with "orders"
    And the command "python3 remade/again.py ${topic.orders} 1" is run
    And 2 records are sent to "orders" partition 0
    Then within 30s "reader" has caught up with "orders"
    And within 5s every record of "orders" was processed in group "g" exactly once

  Scenario Outline: WRONG the old ones were not processed, says "lost: topic", <claim>
    Given application "reader" is started
    And application "reader" is stopped
    When 4 records are sent to "orders" partition 0
    And the command "python3 remade/again.py ${topic.orders} 1" is run
    And 2 records are sent to "orders" partition 0
    And application "reader" is restarted
    And within 15s "reader" has caught up with "orders"
    Then within 2s <claim>

    Examples:
      | claim                                                                                  |
      | every record of "orders" was either processed by "reader" or is in "dlq", exactly once |
      | every record of "orders" was processed in group "g" exactly once                       |
      | "reader" committed no offset of "orders" ahead of its work                             |

  Scenario Outline: WRONG the new ones were not processed, <claim><says>
    Given 4 records are in "orders" partition 0
    When within 15s "reader" has caught up with "orders"
    And application "reader" is stopped
    And the command "python3 remade/again.py ${topic.orders} 1" is run
    And 4 records are sent to "orders" partition 0
    Then within 1s <claim>

    Examples:
      | claim                                                                                  | says                       |
      | group "g" has no lag on "orders"                                                       | , says "not consumed"      |
      | group "g" has committed offset 4 of "orders" partition 0                               | , says "got no commit"     |
      | every record of "orders" was either processed by "reader" or is in "dlq", exactly once | , says "neither"           |
      | every record of "orders" was processed in group "g" exactly once                       | , says "never processed"   |

  Scenario: WRONG nothing is in the new one, says "inconclusive"
    Given 4 records are in "orders" partition 0
    When within 15s "reader" has caught up with "orders"
    And application "reader" is stopped
    And the command "python3 remade/again.py ${topic.orders} 1" is run
    Then within 1s every record of "orders" was processed in group "g" exactly once
