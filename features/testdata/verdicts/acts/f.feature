@any-cluster
Feature: Applications that do one thing after the other
  What they do behind wait, they do as they are told to stop.

  Background:
    Given topic "orders" with 2 partitions
    And topic "out" with 2 partitions
    And topic "aside" with 1 partition
    And these records are in "orders":
      | partition | key  | value |
      | 0         | a    | 0     |
      | 0         | b    | 1     |
      | 0         | a    | 2     |
      | 0         | null | 3     |
      | 0         | b    | null  |
      | 0         | a    | 5     |

  Scenario Outline: <verdict> <what><says>
    Given application "app" is the command "python3 acts/act.py <does>" in group "g" reading "orders"
    When application "app" is started
    And within 20s "app" has said "ready"
    Then within 2s <claim>

    Examples: commits
      | verdict | what                                    | says                          | does                                                    | claim |
      | RIGHT   | the beginning of the empty partition    |                               | c poll:6 work commit commit:1:0 say:ready wait close    | "app" committed no offset of "orders" ahead of its work, with dead letters in "aside" |
      | WRONG   | past the end of the empty partition     | , says "commit past the end"  | c poll:6 work commit commit:1:5 say:ready wait close    | "app" committed no offset of "orders" ahead of its work, with dead letters in "aside" |
      | WRONG   | past the end, as it stops               | , says "commit past the end"  | c poll:6 work commit say:ready wait commit:1:1 close    | "app" committed no offset of "orders" ahead of its work, with dead letters in "aside" |

    Examples: work
      | verdict | what                                    | says                          | does                                                    | claim |
      | RIGHT   | once                                    |                               | c poll:6 work commit say:ready wait close               | every record of "orders" was processed in group "g" exactly once |
      | WRONG   | a tombstone is left out                 | , says "never processed"      | c poll:6 work:0,1,2,3,5 commit say:ready wait close     | every record of "orders" was processed in group "g" exactly once |
      | WRONG   | twice, as it stops                      | , says "processed twice"      | c poll:6 work commit say:ready wait work:3 close        | every record of "orders" was processed in group "g" exactly once |
      | WRONG   | backwards, as it stops                  | , says "out of order"         | c poll:6 work:0,5 commit say:ready wait work:2 close    | the records of "orders" were processed in group "g" in order per key, with repeats |

  Scenario Outline: <verdict> <what><says>
    Given application "app" is the command "python3 acts/act.py <does>" in group "g" reading "orders" writing "out" and "aside"
    When application "app" is started
    And within 20s "app" has said "ready"
    Then within 2s the transactions of "app" commit its offsets

    Examples: offsets in transactions
      | verdict | what                                      | says                            | does                                                                              |
      | RIGHT   | records and offsets                       |                                 | c poll:6 tx begin out:out:a:1 offsets end say:ready wait close                    |
      | RIGHT   | offsets alone, and one aborted            |                                 | c poll:6 tx begin out:out:a:1 offsets end begin offsets end begin out:out:a:2 abort say:ready wait close |
      | WRONG   | offsets after the transaction, in another | , says "without offsets"        | c poll:6 tx begin out:out:a:1 end begin offsets end say:ready wait close          |
      | WRONG   | offsets after the transaction, in none    | , says "without offsets"        | c poll:6 tx begin out:out:a:1 end commit say:ready wait close                     |
      | WRONG   | offsets in both                           | , says "outside of a transaction" | c poll:6 tx begin out:out:a:1 offsets end commit say:ready wait close           |
      | WRONG   | none as it stops                          | , says "others have both"       | c poll:6 tx begin out:out:a:1 offsets end say:ready wait begin out:out:a:2 end close |
      | WRONG   | no transaction                            | , says "outside of a transaction" | c poll:6 out:out:a:1 commit say:ready wait close                                  |
      | RIGHT   | beside them records to what it reads      |                                 | c poll:6 plain:orders:a:9 tx begin out:out:a:1 offsets end say:ready wait close   |
      | WRONG   | one of two outputs before the transaction | , says "1 record written outside of a transaction" | c poll:6 plain:out:b:1 tx begin out:out:a:1 offsets end say:ready wait close |
      | WRONG   | a dead letter beside the transaction      | , says "as no transaction has written it" | c poll:6 tx begin out:out:a:1 plain:aside:b:1 offsets end say:ready wait close |
      | WRONG   | a dead letter beside it, and then in it   | , says "1 record written outside of a transaction" | c poll:6 tx begin out:out:a:1 plain:aside:b:1 offsets end begin out:aside:b:1 offsets end say:ready wait close |
      | WRONG   | all of them aborted                       | , says "nothing was judged"     | c poll:6 tx begin out:out:a:1 offsets abort say:ready wait close                  |

  Scenario: RIGHT records beside the transaction, to what it is not declared to write
    Given application "app" is the command "python3 acts/act.py c poll:6 tx begin out:out:a:1 plain:aside:b:1 offsets end say:ready wait close" in group "g" reading "orders" writing "out"
    When application "app" is started
    And within 20s "app" has said "ready"
    Then within 2s the transactions of "app" commit its offsets

  Scenario Outline: <verdict> <what><says>
    Given application "app" is the command "python3 acts/act.py c poll:6 work:0,1,2,3,4 <does> say:ready wait close" in group "g" reading "orders" writing "aside"
    And the next Produce request from "app" to "aside" is cut off after the broker acted
    When application "app" is started
    And within 20s "app" has said "ready"
    Then within 2s <claim>

    Examples: dead letters whose answer is lost
      | verdict | what                                     | says                                 | does                        | claim |
      | RIGHT   | a letter sent again, in order            |                                      | letter:aside:5 commit       | "app" committed no offset of "orders" ahead of its work, with dead letters in "aside" |
      | RIGHT   | a letter sent again, by its answer       |                                      | letter:aside:5 commit       | "app" committed no offset of "orders" before the dead letter was acknowledged |
      | RIGHT   | a letter sent again behind the commit    |                                      | letter:aside:5 commit letter:aside:5 | "app" committed no offset of "orders" before the dead letter was acknowledged |
      | WRONG   | a letter sent once                       | , says "never acknowledged"          | once letter:aside:5 commit  | "app" committed no offset of "orders" ahead of its work, with dead letters in "aside" |
      | WRONG   | a letter sent once, by its answer        | , says "never acknowledged"          | once letter:aside:5 commit  | "app" committed no offset of "orders" before the dead letter was acknowledged |
      | WRONG   | a letter behind the commit, sent again   | , says "before this record was finished" | commit letter:aside:5   | "app" committed no offset of "orders" ahead of its work, with dead letters in "aside" |
      | WRONG   | a letter behind the commit, sent once    | , says "never acknowledged"          | once commit letter:aside:5  | "app" committed no offset of "orders" ahead of its work, with dead letters in "aside" |

  Scenario Outline: <verdict> <what><says>
    Given application "first" is the command "python3 acts/act.py c poll:3 work:0,1 letter:aside:2 commit say:ready wait close" in group "g" reading "orders" writing "aside"
    And application "app" is the command "python3 acts/act.py c poll:3 work:0,1 <does> say:ready wait close" in group "g" reading "orders" writing "aside"
    When application "first" is started
    And within 20s "first" has said "ready"
    And application "first" is stopped
    And application "app" is started
    And within 20s "app" has said "ready"
    Then within 2s "app" committed no offset of "orders" before the dead letter was acknowledged

    Examples: dead letters of the owner before
      | verdict | what                                    | says                               | does                  |
      | RIGHT   | its own letter before the commit, too   |                                    | letter:aside:2 commit |
      | WRONG   | its own letter behind the commit        | , says "before the dead letter"    | commit letter:aside:2 |

  Scenario: RIGHT a transaction that the next owner of its id aborts
    Given application "app" is the command "python3 acts/act.py tx begin out:out:a:1 say:ready wait" writing "out"
    And application "next" is the command "python3 acts/act.py tx say:ready wait" writing "out"
    When application "app" is started
    And within 20s "app" has said "ready"
    And application "next" is started
    And within 20s "next" has said "ready"
    Then within 2s no transaction of "app" is torn

  Scenario Outline: <verdict> <what><says>
    Given application "app" is the command "python3 acts/act.py <does>" writing "out", "aside" and "orders"
    When application "app" is started
    And within 20s "app" has said "ready"
    Then within 2s <claim>

    Examples: keys
      | verdict | what                                    | says                        | does                                                                  | claim |
      | RIGHT   | keys on the same partitions             |                             | out:out:a:1:p=0 out:out:b:1:p=0 out:out:c:1:p=1 say:ready wait        | the keys of "orders" are on the same partitions as in "out" |
      | WRONG   | a key on one partition more             | , says "moved: partition 0"  | out:out:a:1:p=0 out:orders:a:1:p=1 say:ready wait                     | the keys of "orders" are on the same partitions as in "out" |
      | WRONG   | a key on one more and then on the first | , says "partition 1 too"    | out:out:a:1:p=0 out:orders:a:1:p=1 out:orders:a:1:p=0 say:ready wait  | the keys of "orders" are on the same partitions as in "out" |
      | WRONG   | a key moves as it stops                 | , says "moved: partition 0" | out:out:a:1:p=0 say:ready wait out:out:a:1:p=1                        | the keys of "orders" are on the same partitions as in "out" |

    Examples: transactions
      | verdict | what                                    | says                        | does                                                                  | claim |
      | RIGHT   | one committed, one aborted              |                             | tx begin out:out:a:1 end begin out:aside:a:1 abort say:ready wait     | no transaction of "app" is torn |
      | RIGHT   | ended as it stops                       |                             | tx begin out:out:a:1 end begin out:aside:a:1 say:ready wait end       | no transaction of "app" is torn |
      | WRONG   | one never ended                         | , says "is open"            | tx begin out:out:a:1 end begin out:aside:a:1 say:ready wait           | no transaction of "app" is torn |
      | WRONG   | one more as it stops, in a transaction  | , says "at most 1"          | out:out:a:1 say:ready wait tx begin out:out:a:2 end                   | "out" contains at most 1 record |
      | RIGHT   | one more as it stops, aborted           |                             | out:out:a:1 say:ready wait tx begin out:out:a:2 abort                 | "out" contains at most 1 record |

  Scenario Outline: <verdict> windows, <what><says>
    Given the day is 2026-01-05
    And topic "readings" with 1 partition
    And topic "readings_late" with 1 partition
    And topic "counts" with 1 partition
    And these records are in "readings":
      | key | value         | timestamp |
      | m   | {"amount": 5} | 10:00     |
      | m   | {"amount": 0} | 10:05     |
      | m   | {"amount": 9} | 10:20     |
    And these records are in "counts":
      | key | value                                                                           |
      | m   | {"start":"2026-01-05T10:00:00Z","end":"2026-01-05T10:05:00Z","count":1,"sum":5} |
      | m   | <second>                                                                        |
    Then within 500ms "counts" holds exactly the windows of "readings" of 5m with grace 1m

    Examples:
      | verdict | what                      | says             | second                                                                          |
      | RIGHT   | as they should be         |                  | {"start":"2026-01-05T10:05:00Z","end":"2026-01-05T10:10:00Z","count":1,"sum":0} |
      | RIGHT   | one without a sum of 0    |                  | {"start":"2026-01-05T10:05:00Z","end":"2026-01-05T10:10:00Z","count":1}         |
      | WRONG   | one without a count       | , says "count 0" | {"start":"2026-01-05T10:05:00Z","end":"2026-01-05T10:10:00Z","sum":0}           |
      | WRONG   | one without an end        | , says "no end"  | {"start":"2026-01-05T10:05:00Z","count":1,"sum":0}                              |
