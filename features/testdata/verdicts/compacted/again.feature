Feature: A compacted topic is deleted and made again
  What compaction may have taken of the one before need not have been processed.

  Background:
    Given topic "accounts" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And topic "dlq" with 1 partition
    And application "first" is the command "python3 acts/act.py out:accounts:a:1 out:accounts:a:2 out:accounts:b:1 say:written wait" writing "accounts"
    And application "second" is the command "python3 acts/act.py c poll:1 work commit say:ready wait close" in group "g" reading "accounts"

  Scenario Outline: <verdict> <what>, <claim><says>
    Given application "then" is the command "python3 acts/act.py c poll:2 <work> commit close remake:accounts:1 say:made wait" in group "g" reading "accounts" writing "dlq"
    When application "first" is started
    And within 20s "first" has said "written"
    And the log of "accounts" is compacted
    And application "then" is started
    And within 20s "then" has said "made"
    And these records are sent to "accounts":
      | key | value |
      | c   | 1     |
    And application "second" is started
    And within 20s "second" has said "ready"
    Then within 1s <claim>

    Examples:
      | verdict | what              | work   | says            | claim                                                                                     |
      | RIGHT   | all that was left | work   |                 | every record of "accounts" was processed in group "g" exactly once                        |
      | RIGHT   | all that was left | work   |                 | "then" committed no offset of "accounts" ahead of its work                                |
      | WRONG   | one lost          | work:0 | , says "offset 2" | every record of "accounts" was processed in group "g" exactly once                      |
      | WRONG   | one lost          | work:0 | , says "offset 2" | "then" committed no offset of "accounts" ahead of its work                              |
      | WRONG   | one lost          | work:1 | , says "offset 1" | every record of "accounts" was processed in group "g" exactly once                      |
