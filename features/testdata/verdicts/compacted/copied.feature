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
