Feature: records of applications and copies that are gone by now

  Background:
    Given topic "orders" with 1 partition
    And topic "dlq" with 1 partition
    And application "reader" is the command "env ISOLATION=read_committed python3 records-gone/reader.py" in group "g" reading "orders"

  Scenario Outline: RIGHT written by an application and deleted after it was processed, <judge>
    Given application "writer" is the reference "bulk-producer" writing "orders"
      | events | 4 |
    When application "writer" has finished
    And within 15s "reader" has caught up with "orders"
    And the records of "orders" partition 0 before offset 3 are deleted
    Then within 2s <judge>

    Examples:
      | judge                                                                                  |
      | every record of "orders" was either processed by "reader" or is in "dlq", exactly once |
      | every record of "orders" was processed in group "g" exactly once                       |

  Scenario Outline: WRONG written by an application and deleted before it was processed, <judge>
    Given application "writer" is the reference "bulk-producer" writing "orders"
      | events | 4 |
    When application "reader" is started
    And application "reader" is stopped
    And application "writer" is started
    And application "writer" has finished
    And the records of "orders" partition 0 before offset 3 are deleted
    And application "reader" is restarted
    And within 15s "reader" has caught up with "orders"
    Then within 2s <judge>

    Examples:
      | judge                                                                                  |
      | every record of "orders" was either processed by "reader" or is in "dlq", exactly once |
      | every record of "orders" was processed in group "g" exactly once                       |

  Scenario Outline: <verdict> copied and deleted, <sent>
    Given topic "copies" with 1 partition
    When application "reader" is started
    And these records are sent to "orders":
      | key | value |
      | a   | 1     |
      | b   | 2     |
    And these records are sent to "copies":
      | key    | value |
      | <sent> | 1     |
      | b      | 2     |
    And the records of "orders" partition 0 before offset 1 are deleted
    Then within 1s every record of "orders" is in "copies" exactly once

    Examples:
      | verdict | sent |
      | RIGHT   | a    |
      | WRONG   | c    |
