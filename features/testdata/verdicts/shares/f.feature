Feature: Share groups whose answers are lost

  Background:
    Given topic "orders" with 1 partition
    And application "worker" is the reference "share-worker" in group "workers" reading "orders"
      | lock | 1s |
    And 20 records from generator "orders" are in "orders"

  Scenario Outline: RIGHT the next <request> request is cut off <when>
    Given the next <request> request from "worker" <after> cut off <when>
    When application "worker" is started
    Then within 15s every record of "orders" was settled once in share group "workers"

    Examples:
      | request          | after                | when                   |
      | ShareAcknowledge | is                   | after the broker acted |
      | ShareAcknowledge | is                   | before the broker acts |
      | ShareFetch       | after the first 1 is | after the broker acted |

  Scenario Outline: <verdict> compaction takes a record before <app> is given it<says>
    Given topic "accounts" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And application "clerk" is the reference "<app>" in group "clerks" reading "accounts"
    And these records are in "accounts":
      | key | value |
      | a   | 1     |
      | a   | 2     |
    And these records are in "accounts":
      | key | value |
      | b   | 1     |
    When the log of "accounts" is compacted
    And application "clerk" is started
    And within 20s "clerk" has processed at least <n> records
    Then within 2s every record of "accounts" was settled once in share group "clerks"

    Examples:
      | verdict | app                      | n | says                     |
      | RIGHT   | share-worker             | 2 |                          |
      | WRONG   | wrong/share-accept-first | 2 | , says "accepted before" |
