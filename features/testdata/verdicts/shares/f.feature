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
