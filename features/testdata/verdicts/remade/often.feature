Feature: A topic is deleted and made again several times between two looks
  Each of the topics that had the name is judged by what was said while it was there.

  Background:
    Given topic "orders" with 1 partition
    And topic "dlq" with 1 partition

  Scenario Outline: RIGHT all of them are worked off, <claim>
    Given application "first" is the command "python3 acts/act.py c poll:2 work commit close remake:orders:1 out:orders:a:1 out:orders:b:2 out:orders:a:3 c poll:3 work commit close remake:orders:1 out:orders:a:1 c poll:1 work commit close remake:orders:1 say:ready wait" in group "g" reading "orders" writing "orders" and "dlq"
    And application "second" is the command "python3 acts/act.py c poll:3 work commit say:ready wait close" in group "g" reading "orders"
    And 2 records are in "orders" partition 0
    When application "first" is started
    And within 20s "first" has said "ready"
    And 3 records are sent to "orders" partition 0
    And application "second" is started
    And within 20s "second" has said "ready"
    Then within 5s <claim>

    Examples:
      | claim                                                                                 |
      | "first" committed no offset of "orders" ahead of its work                             |
      | every record of "orders" was processed in group "g" exactly once                      |
      | no partition of "orders" was committed in group "g" by one that no longer owned it    |
      | every partition of "orders" that was given up in group "g" was committed before       |
      | group "g" has no lag on "orders"                                                      |
      | "orders" contains exactly 3 records                                                   |

  Scenario Outline: WRONG <what> in the second of four, says "<says>", <claim>
    Given application "first" is the command "python3 acts/act.py c poll:2 work commit close remake:orders:1 out:orders:a:1 out:orders:b:2 out:orders:a:3 c poll:3 <does> close remake:orders:1 out:orders:a:1 c poll:1 work:5 commit close remake:orders:1 say:ready wait" in group "g" reading "orders" writing "orders" and "dlq"
    And application "second" is the command "python3 acts/act.py c poll:3 work commit say:ready wait close" in group "g" reading "orders"
    And 2 records are in "orders" partition 0
    When application "first" is started
    And within 20s "first" has said "ready"
    And 3 records are sent to "orders" partition 0
    And application "second" is started
    And within 20s "second" has said "ready"
    Then within 1s <claim>

    Examples:
      | what                | does                      | says                                                | claim                                                                                |
      | a record lost       | work:2,4 commit           | 1 record of the one before was never                | every record of "orders" was processed in group "g" exactly once                     |
      | a record lost       | work:2,4 commit           | 1 record of the one before was never                | every record of "orders" was either processed by "first" or is in "dlq", exactly once |
      | a record lost       | work:2,4 commit           | 1 record of the one before was never                | "first" committed no offset of "orders" ahead of its work                            |
      | a record twice      | work:2,3,4 work:3 commit  | processed twice                                     | every record of "orders" was processed in group "g" exactly once                     |
      | a commit ahead      | work:2 commit work:3,4    | before this record was finished                     | "first" committed no offset of "orders" ahead of its work                            |
      | a key out of order  | work:4,3,2 commit         | no two records of one key are known                 | the records of "orders" were processed in group "g" in order per key                 |
      | nothing committed   | work:2,3,4                | nothing committed                                   | every partition of "orders" that was given up in group "g" was committed before      |

  Scenario Outline: <verdict> made again <how>, <claim><says>
    Given application "first" is the command "python3 acts/act.py c poll:2 work commit close remake:orders:1 <then> say:ready wait" in group "g" reading "orders" writing "orders" and "dlq"
    And 2 records are in "orders" partition 0
    When application "first" is started
    And within 20s "first" has said "ready"
    Then within 2s <claim>

    Examples:
      | verdict | how         | then                                                                         | says                                   | claim                                                            |
      | WRONG   | empty       | remake:orders:1 remake:orders:1                                              | , says "inconclusive"                  | every record of "orders" was processed in group "g" exactly once |
      | RIGHT   | and written | remake:orders:1 remake:orders:1 out:orders:a:1 c poll:1 work commit close    |                                        | every record of "orders" was processed in group "g" exactly once |
      | RIGHT   | and written | remake:orders:1 remake:orders:1 out:orders:a:1 c poll:1 work commit close    |                                        | "first" committed no offset of "orders" ahead of its work        |
      | WRONG   | and written | out:orders:a:1 remake:orders:1 remake:orders:1 out:orders:a:1 c poll:1 work commit close | , says "of the one before was never" | every record of "orders" was processed in group "g" exactly once |
      | WRONG   | and written | remake:orders:1 out:orders:a:1 remake:orders:1 out:orders:a:1                | , says "lost"                           | every record of "orders" was processed in group "g" exactly once |
