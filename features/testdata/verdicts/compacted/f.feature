Feature: Compaction takes records before anybody read them
  What a later record of its key stands for need not be processed once it is gone.

  Background:
    Given topic "accounts" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And topic "dlq" with 1 partition
    And application "reader" is the command "env ISOLATION=read_committed python3 records-gone/reader.py" in group "g" reading "accounts"

  Scenario Outline: RIGHT sent by kafkaspec, <judge>
    When application "reader" is started
    And application "reader" is stopped
    And these records are sent to "accounts":
      | key | value |
      | a   | 1     |
      | a   | 2     |
    And these records are sent to "accounts":
      | key | value |
      | b   | 1     |
    And the log of "accounts" is compacted
    And application "reader" is restarted
    And within 15s "reader" has caught up with "accounts"
    Then within 2s <judge>

    Examples:
      | judge                                                                                    |
      | every record of "accounts" was either processed by "reader" or is in "dlq", exactly once |
      | every record of "accounts" was processed by "reader" or is in "dlq", at least once       |
      | every record of "accounts" was processed in group "g" exactly once                       |
      | "reader" committed no offset of "accounts" ahead of its work, with dead letters in "dlq" |
      | "reader" committed no offset of "accounts" ahead of its work                             |

  Scenario Outline: <verdict> given up by one that <does><says>, <judge>
    Given application "first" is the command "python3 acts/act.py c poll:<reads> close say:ready wait" in group "h" reading "accounts"
    And these records are in "accounts":
      | key | value |
      | a   | 1     |
      | a   | 2     |
    And these records are in "accounts":
      | key | value |
      | b   | 1     |
    When the log of "accounts" is compacted
    And application "first" is started
    And within 20s "first" has said "ready"
    Then within 1s <judge>

    Examples:
      | verdict | does | reads | says | judge |
      | RIGHT   | committed all that was left      | 2 work commit        |                          | every partition of "accounts" that was given up in group "h" was committed before    |
      | RIGHT   | committed all that was left      | 2 work commit        |                          | no partition of "accounts" was committed in group "h" by one that no longer owned it |
      | WRONG   | committed too little             | 2 work commit:0:2    | , says "committed 2"     | every partition of "accounts" that was given up in group "h" was committed before    |
      | WRONG   | committed nothing                | 2 work               | , says "nothing committed" | every partition of "accounts" that was given up in group "h" was committed before    |
      | WRONG   | committed one that it never did  | 2 work:0 commit      | , says "offset 2"        | every partition of "accounts" that was given up in group "h" was committed before    |
      | WRONG   | had read and done nothing        | 2                    | , says "inconclusive"    | every partition of "accounts" that was given up in group "h" was committed before    |
      | WRONG   | had read and done nothing        | 2                    | , says "inconclusive"    | no partition of "accounts" was committed in group "h" by one that no longer owned it |

  Scenario Outline: <verdict> taken over after compaction by one that <begins><says>
    Given application "first" is the command "python3 acts/act.py c poll:1 <first> close say:ready wait" in group "h" reading "accounts"
    And application "then" is the command "python3 acts/act.py c poll:<then> commit say:ready wait close" in group "h" reading "accounts"
    And these records are in "accounts":
      | key | value |
      | a   | 1     |
    When application "first" is started
    And within 20s "first" has said "ready"
    And these records are sent to "accounts":
      | key | value |
      | b   | 1     |
      | b   | 2     |
    And these records are sent to "accounts":
      | key | value |
      | c   | 1     |
    And the log of "accounts" is compacted
    And application "then" is started
    And within 20s "then" has said "ready"
    Then within 1s <judge>

    Examples:
      | verdict | begins                     | first       | then   | says                    | judge                                                                           |
      | RIGHT   | begins behind what is gone | work commit | 2 work |                         | each new owner in group "h" started where the group had committed on "accounts" |
      | RIGHT   | begins behind what is gone | work commit | 2 work |                         | every record of "accounts" was processed in group "h" exactly once              |
      | WRONG   | does one of them twice     | work commit | 2 work work:1 |                  | every record of "accounts" was processed in group "h" exactly once              |
      | WRONG   | leaves one out             | work commit | 2 work:1 | , says "never processed" | every record of "accounts" was processed in group "h" exactly once              |
      | WRONG   | begins anew                | work        | 3 work | , says "inconclusive"   | each new owner in group "h" started where the group had committed on "accounts" |

  Scenario Outline: RIGHT written by an application with <codec>, <judge>
    Given application "writer" is the command "python3 compacted/write.py <codec> a:1 b:1 a:2 b:null a:3 c:1" writing "accounts"
    When application "reader" is started
    And application "reader" is stopped
    And application "writer" is started
    And application "writer" has finished
    And these records are sent to "accounts":
      | key | value |
      | d   | 1     |
    And the log of "accounts" is compacted
    And application "reader" is restarted
    And within 15s "reader" has caught up with "accounts"
    Then within 2s <judge>

    Examples:
      | codec  | judge                                                                                    |
      | none   | every record of "accounts" was either processed by "reader" or is in "dlq", exactly once |
      | gzip   | every record of "accounts" was processed by "reader" or is in "dlq", at least once       |
      | snappy | every record of "accounts" was processed in group "g" exactly once                       |
      | lz4    | "reader" committed no offset of "accounts" ahead of its work, with dead letters in "dlq" |
      | zstd   | every record of "accounts" was processed in group "g" exactly once                       |

  Scenario Outline: WRONG passed over before there was a later record, says "(gone from the log)", <judge>
    Given application "first" is the command "python3 acts/act.py c poll:1 commit say:ready wait close" in group "f" reading "accounts"
    And application "then" is the command "python3 acts/act.py c poll:3 work commit say:ready wait close" in group "f" reading "accounts"
    When application "first" is started
    And these records are sent to "accounts":
      | key | value |
      | a   | 1     |
    And within 20s "first" has said "ready"
    And application "first" is stopped
    And these records are sent to "accounts":
      | key | value |
      | a   | 2     |
      | c   | 1     |
    And these records are sent to "accounts":
      | key | value |
      | b   | 1     |
    And the log of "accounts" is compacted
    And application "then" is started
    And within 20s "then" has said "ready"
    Then within 2s <judge>

    Examples:
      | judge                                                                                  |
      | every record of "accounts" was processed in group "f" exactly once                     |
      | every record of "accounts" was either processed by "then" or is in "dlq", exactly once |
      | every record of "accounts" was processed by "then" or is in "dlq", at least once       |
      | "first" committed no offset of "accounts" ahead of its work                            |

  Scenario Outline: <verdict> deleted up to offset <before> by somebody before anybody read it<says>, <judge>
    Given topic "ledger" with 1 partition
      | cleanup.policy            | compact,delete |
      | segment.ms                | 1              |
      | min.cleanable.dirty.ratio | 0.01           |
    And application "writer" is the command "python3 compacted/write.py gzip a:1 c:1 a:2" writing "ledger"
    And application "clerk" is the command "env ISOLATION=read_committed python3 records-gone/reader.py" in group "l" reading "ledger"
    When application "clerk" is started
    And application "clerk" is stopped
    And application "writer" is started
    And application "writer" has finished
    And the records of "ledger" partition 0 before offset <before> are deleted
    And application "clerk" is restarted
    And within 15s "clerk" has caught up with "ledger"
    Then within 2s <judge>

    Examples:
      | verdict | before | says                                | judge                                                                                 |
      | RIGHT   | 1      |                                     | every record of "ledger" was either processed by "clerk" or is in "dlq", exactly once |
      | RIGHT   | 1      |                                     | every record of "ledger" was processed in group "l" exactly once                      |
      | WRONG   | 2      | , says "partition 0 offset 1 (gone" | every record of "ledger" was either processed by "clerk" or is in "dlq", exactly once |
      | WRONG   | 2      | , says "partition 0 offset 1 (gone" | every record of "ledger" was processed in group "l" exactly once                      |
      | WRONG   | 2      | , says "gone from the log"          | "clerk" committed no offset of "ledger" ahead of its work                             |
