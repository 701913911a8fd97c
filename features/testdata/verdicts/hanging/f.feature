Feature: Transactions that their producer never ends
  What it has written cannot be read, nor what others write behind it, and in the end it is gone.

  Scenario Outline: <verdict> HOW=<how><says>: <claim>
    Given topic "events" with 1 partition
    And topic "copies" with 1 partition
    And application "app" is the command "env HOW=<how> python3 hanging/producer.py" writing "events"
    When application "app" is started
    And within 20s "app" has said "written"
    And the record "a" is sent to "copies"
    Then within <time> <claim>

    Examples:
      | verdict | how     | says                                  | time | claim                                                    |
      | RIGHT   | ends    |                                       | 5s   | "events" contains exactly 1 record                       |
      | RIGHT   | ends    |                                       | 5s   | every record of "copies" is in "events" exactly once     |
      | RIGHT   | ends    |                                       | 5s   | no transaction of "app" is torn                          |
      | RIGHT   | ends    |                                       | 5s   | no acknowledged record of "events" was lost or replaced  |
      | WRONG   | stays   | , says "is open on partition 0"       | 1s   | "events" contains exactly 0 records                      |
      | WRONG   | stays   | , says "is open on partition 0"       | 1s   | "events" is empty                                        |
      | WRONG   | stays   |                                       | 1s   | "events" contains exactly 1 record                       |
      | WRONG   | stays   |                                       | 1s   | every record of "copies" is in "events" exactly once     |
      | WRONG   | stays   |                                       | 1s   | no transaction of "app" is torn                          |
      | WRONG   | leaves  |                                       | 1s   | "events" contains exactly 1 record                       |
      | WRONG   | leaves  |                                       | 1s   | "events" contains exactly 0 records                      |
      | WRONG   | forgets | , says "got 0 records"                | 4s   | "events" contains exactly 1 record                       |

  Scenario Outline: <verdict> HOW=<how><says>: no record is like
    Given topic "events" with 1 partition
    And application "app" is the command "env HOW=<how> python3 hanging/producer.py" writing "events"
    When application "app" is started
    And within 20s "app" has said "written"
    And the record "b" is sent to "events"
    Then within 1s no record of "events" is like:
      | value |
      | c     |

    Examples:
      | verdict | how   | says                            |
      | RIGHT   | ends  |                                 |
      | WRONG   | stays | , says "is open on partition 0" |
