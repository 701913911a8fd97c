Feature: Worlds in which a share group does not settle its records as claimed

  Background:
    Given topic "orders" with 1 partition

  @wrong
  Scenario: accepted before it is processed
    Given application "worker" is the reference "wrong/share-accept-first" in group "workers" reading "orders"
    And the record "{}" is in "orders"
    When "worker" has processed at least 1 record
    Then within 300ms every record of "orders" was settled once in share group "workers"

  @wrong
  Scenario: processed twice for one delivery
    Given application "worker" is the reference "eager" in group "workers" reading "orders"
    And the record "{}" is in "orders"
    When "worker" has processed at least 2 records
    Then within 300ms every record of "orders" was settled once in share group "workers"

  @empty
  Scenario: nothing is in the topic
    Given application "worker" is the reference "share-worker" in group "workers" reading "orders"
    Then within 300ms every record of "orders" was settled once in share group "workers"
