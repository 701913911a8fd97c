@any-cluster
Feature: An application does so much that not every fact of it is kept
  Of most kinds a journal keeps the first 1000 facts of an application. What comes later counts as well.

  Background:
    Given topic "orders" with 1 partition
    And topic "out" with 1 partition

  Scenario Outline: <verdict> many batches were deleted, <claim>
    Given application "writer" is the command "python3 many-facts/many.py write 1100" writing "orders"
    And application "reader" is the command "python3 many-facts/many.py read 1100 <skips>" in group "g" reading "orders"
    And application "cutter" is the command "python3 acts/act.py cut:orders:1090" reading "orders"
    When within 5m application "writer" has finished
    And within 5m "reader" has said "did it"
    And application "cutter" is started
    And within 20s application "cutter" has finished
    Then within 2s <claim>

    Examples:
      | verdict                   | skips | claim                                                                                |
      | RIGHT                     | -1    | every record of "orders" was processed in group "g" exactly once                     |
      | RIGHT                     | -1    | "reader" committed no offset of "orders" ahead of its work                           |
      | WRONG says "offset 1050": | 1050  | every record of "orders" was processed in group "g" exactly once                     |
      | WRONG says "offset 1050": | 1050  | every record of "orders" was processed by "reader" or is in "out", at least once     |

  Scenario Outline: <verdict> many transactions, <claim>
    Given application "mover" is the command "python3 many-facts/many.py move 400 <ahead>" in group "g" reading "orders" writing "out"
    And 400 records are in "orders" partition 0
    When within 5m "mover" has said "did it"
    Then within 2s <claim>

    Examples:
      | verdict                  | ahead | claim                                                                                                    |
      | RIGHT                    | -1    | "mover" committed no offset of "orders" ahead of its work                                                |
      | RIGHT                    | -1    | every record of "orders" was processed in group "g" exactly once                                         |
      | WRONG says "offset 390": | 390   | "mover" committed no offset of "orders" ahead of its work                                                |

  Scenario: RIGHT commits after many are of the topic that was made again
    Given application "first" is the command "python3 many-facts/many.py commit 1" in group "g" reading "orders"
    And application "second" is the command "python3 many-facts/many.py read 2" in group "g" reading "orders"
    And 1 record is in "orders" partition 0
    When application "first" is started
    And within 5m "first" has said "did it"
    And application "first" is stopped
    And the command "python3 remade/again.py ${topic.orders} 1" is run
    And 2 records are sent to "orders" partition 0
    And application "second" is started
    Then within 60s "second" has caught up with "orders"
    And "out" is empty
