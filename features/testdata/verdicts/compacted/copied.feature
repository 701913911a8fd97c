Feature: Compaction takes records of a topic that is copied
  What it may have taken before anybody read it need not be in the copy.

  Scenario Outline: <verdict> <what> copied<says>
    Given topic "accounts" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And topic "copies" with 1 partition
    And these records are in "accounts":
      | key | value |
      | a   | 1     |
      | a   | 2     |
    And these records are in "accounts":
      | key | value |
      | b   | 1     |
    And application "copier" is the command "python3 acts/act.py <writes> say:ready wait" writing "copies"
    When the log of "accounts" is compacted
    And application "copier" is started
    And within 20s "copier" has said "ready"
    Then within 1s every record of "accounts" is in "copies" exactly once

    Examples:
      | verdict | what            | says                 | writes                                                 |
      | RIGHT   | what was left   |                      | out:copies:a:2 out:copies:b:1                          |
      | RIGHT   | all of it       |                      | out:copies:a:1 out:copies:a:2 out:copies:b:1           |
      | WRONG   | too little      | , says "lost write"  | out:copies:b:1                                         |
      | WRONG   | one thing twice | , says "duplicate"   | out:copies:a:1 out:copies:a:2 out:copies:b:1 out:copies:b:1 |
      | WRONG   | something else  | , says "unexpected"  | out:copies:a:2 out:copies:b:1 out:copies:c:1           |

  Scenario Outline: <verdict> a copier in a group, which <what><says>
    Given topic "accounts" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And topic "copies" with 1 partition
    And application "first" is the command "python3 acts/act.py c poll:1 <first> commit say:ready wait close" in group "c" reading "accounts" writing "copies"
    And application "copier" is the command "python3 acts/act.py c poll:2 out:copies:a:2 out:copies:b:1 commit say:ready wait close" in group "c" reading "accounts" writing "copies"
    When application "first" is started
    And these records are sent to "accounts":
      | key | value |
      | a   | 1     |
    And within 20s "first" has said "ready"
    And application "first" is stopped
    And these records are sent to "accounts":
      | key | value |
      | a   | 2     |
    And these records are sent to "accounts":
      | key | value |
      | b   | 1     |
    And the log of "accounts" is compacted
    And application "copier" is started
    And within 20s "copier" has said "ready"
    Then within 1s every record of "accounts" is in "copies" exactly once

    Examples:
      | verdict | what                                        | says                | first          |
      | RIGHT   | copied it before there was a later one      |                     | out:copies:a:1 |
      | WRONG   | passed it over before there was a later one | , says "lost write" |                |

  Scenario Outline: <verdict> rows of a group, whose first member <what><says>
    Given topic "accounts" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And application "first" is the command "python3 acts/act.py c poll:1 <commit> say:ready wait close" in group "w" reading "accounts"
    And application "writer" is the reference "db-writer" in group "w" reading "accounts"
    When application "first" is started
    And these records are sent to "accounts":
      | key | value |
      | a   | 1     |
    And within 20s "first" has said "ready"
    And application "first" is stopped
    And these records are sent to "accounts":
      | key | value |
      | a   | 2     |
    And these records are sent to "accounts":
      | key | value |
      | b   | 1     |
    And the log of "accounts" is compacted
    And application "writer" is started
    And within 20s "writer" has caught up with "accounts"
    Then within 1s every record of "accounts" has exactly one row in table "records"

    Examples:
      | verdict | what                                     | says                 | commit |
      | RIGHT   | left the record to the others            |                      |        |
      | WRONG   | passed it over while it was the last one | , says "missing row" | commit |
