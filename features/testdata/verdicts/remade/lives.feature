Feature: An application deletes and makes again what it reads
  Work and commits up to then are judged by the topic that was there, those that follow by the new one.

  Background:
    Given topic "orders" with 1 partition
    And topic "dlq" with 1 partition

  Scenario Outline: RIGHT both are worked off, <claim>
    Given application "first" is the command "python3 acts/act.py c poll:2 work:0 <second> commit close remake:orders:1 say:ready wait" in group "g" reading "orders" writing "dlq"
    And application "second" is the command "python3 acts/act.py c poll:3 work commit say:ready wait close" in group "g" reading "orders"
    And 2 records are in "orders" partition 0
    When application "first" is started
    And within 20s "first" has said "ready"
    And 3 records are sent to "orders" partition 0
    And application "second" is started
    And within 20s "second" has said "ready"
    Then within 5s <claim>

    Examples:
      | second       | claim                                                                                     |
      | work:1       | "first" committed no offset of "orders" ahead of its work                                 |
      | work:1       | every record of "orders" was processed in group "g" exactly once                          |
      | work:1       | no partition of "orders" was committed in group "g" by one that no longer owned it        |
      | work:1       | every partition of "orders" that was given up in group "g" was committed before           |
      | letter:dlq:1 | "first" committed no offset of "orders" ahead of its work, with dead letters in "dlq"     |

  Scenario Outline: WRONG <what> before, says "<says>", <claim>
    Given application "first" is the command "python3 acts/act.py c poll:2 <does> remake:orders:1 say:ready wait" in group "g" reading "orders" writing "dlq"
    And application "second" is the command "python3 acts/act.py c poll:3 work commit say:ready wait close" in group "g" reading "orders"
    And 2 records are in "orders" partition 0
    When application "first" is started
    And within 20s "first" has said "ready"
    And application "first" is stopped
    And 3 records are sent to "orders" partition 0
    And application "second" is started
    And within 20s "second" has said "ready"
    Then within 5s <claim>

    Examples:
      | what                      | does                           | claim                                                                                                    | says                                    |
      | a commit ahead            | commit work close              | "first" committed no offset of "orders" ahead of its work                                                | committed 2 before this record          |
      | a commit ahead            | work:1 commit work:0 close     | "first" committed no offset of "orders" ahead of its work                                                | committed 2 before this record          |
      | a letter after its commit | work:0 commit letter:dlq:1 close | "first" committed no offset of "orders" ahead of its work, with dead letters in "dlq"                    | committed 2 before this record          |
      | a record twice            | work work:0 commit close       | every record of "orders" was processed in group "g" exactly once                                         | processed twice                         |
      | a record twice            | work work:0 commit close       | every record of "orders" was processed in group "g", twice only if it was not committed at a crash       | processed twice                         |
      | a record twice            | work work:0 commit close       | every record of "orders" was either processed by "first" or is in "dlq", exactly once                    | processed twice                         |
      | nothing committed         | work close                     | every partition of "orders" that was given up in group "g" was committed before                          | nothing committed                       |
      | one record lost           | work:0 commit close            | every record of "orders" was processed in group "g" exactly once                                         | 1 record of the one before was never    |

  Scenario Outline: WRONG a key out of order before, says "one before"
    Given application "first" is the command "python3 acts/act.py c poll:2 work:1 work:0 commit close remake:orders:1 say:ready wait" in group "g" reading "orders"
    And application "second" is the command "python3 acts/act.py c poll:2 work commit say:ready wait close" in group "g" reading "orders"
    And these records are in "orders":
      | key | value |
      | u1  | a     |
      | u1  | b     |
    When application "first" is started
    And within 20s "first" has said "ready"
    And these records are sent to "orders":
      | key | value |
      | u1  | c     |
      | u1  | d     |
    And application "second" is started
    And within 20s "second" has said "ready"
    Then within 5s the records of "orders" were processed in group "g" in order per key<how>

    Examples:
      | how            |
      |                |
      | , with repeats |

  Scenario: RIGHT a key in order in both
    Given application "first" is the command "python3 acts/act.py c poll:2 work commit close remake:orders:1 say:ready wait" in group "g" reading "orders"
    And application "second" is the command "python3 acts/act.py c poll:2 work commit say:ready wait close" in group "g" reading "orders"
    And these records are in "orders":
      | key | value |
      | u1  | a     |
      | u1  | b     |
    When application "first" is started
    And within 20s "first" has said "ready"
    And these records are sent to "orders":
      | key | value |
      | u1  | c     |
      | u1  | d     |
    And application "second" is started
    And within 20s "second" has said "ready"
    Then within 5s the records of "orders" were processed in group "g" in order per key

  Scenario Outline: <verdict> what came of the new one, <claim>
    Given application "first" is the command "python3 acts/act.py c poll:2 work commit close remake:orders:1 say:ready wait" in group "g" reading "orders"
    And application "second" is the command "python3 acts/act.py c poll:3 <does> say:ready wait close" in group "g" reading "orders"
    And 2 records are in "orders" partition 0
    When application "first" is started
    And within 20s "first" has said "ready"
    And 3 records are sent to "orders" partition 0
    And application "second" is started
    And within 20s "second" has said "ready"
    Then within 2s <claim>

    Examples:
      | verdict                       | does                   | claim                                                            |
      | WRONG says "never processed": | work:0 work:2 commit   | every record of "orders" was processed in group "g" exactly once |
      | WRONG says "ahead":           | work:0 work:2 commit   | "first" committed no offset of "orders" ahead of its work        |
      | WRONG says "ahead":           | commit work            | "first" committed no offset of "orders" ahead of its work        |

  Scenario Outline: WRONG an offset of the old one is committed to the new one, says "<says>"
    Given application "first" is the command "python3 acts/act.py c poll:4 work commit remake:orders:1 say:made wait commit:0:4 close" in group "g" reading "orders"
    And 4 records are in "orders" partition 0
    When application "first" is started
    And within 20s "first" has said "made"
    And <new> are sent to "orders" partition 0
    And application "first" is stopped
    Then within 2s "first" committed no offset of "orders" ahead of its work

    Examples:
      | new       | says              |
      | 6 records | never processed   |
      | 2 records | the log ends at 2 |

  Scenario: RIGHT what was read before is finished when the new one is there
    Given application "first" is the command "python3 acts/act.py c poll:4 work:0 remake:orders:1 say:made work:1,2,3 wait close" in group "g" reading "orders"
    And application "second" is the command "python3 acts/act.py c poll:1 work commit say:ready wait close" in group "g" reading "orders"
    And 4 records are in "orders" partition 0
    When application "first" is started
    And within 20s "first" has said "made"
    And application "first" is stopped
    And 1 record is sent to "orders" partition 0
    And application "second" is started
    And within 20s "second" has said "ready"
    Then within 5s every record of "orders" was processed in group "g" exactly once
    And "first" committed no offset of "orders" ahead of its work
