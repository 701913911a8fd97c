Feature: The ledger of a share group
  Members take records as from a queue: each is worked on by one member at a time, accepted after its work, and given up
  by nobody.

  Background:
    Given topic "orders" with 1 partition

  Scenario: Records that fail for now are tried again, and those that always will are rejected
    Given application "first" is the reference "share-worker" in group "workers" reading "orders"
      | flaky | 7 |
    And application "second" is the reference "share-worker" in group "workers" reading "orders"
      | flaky | 7 |
    And 100 records from generator "orders" are in "orders"
    And the record "no JSON" is in "orders"
    When application "first" is started
    And application "second" is started
    Then within 10s every record of "orders" was settled once in share group "workers"

  Scenario: No record is worked on by two members at once
    Given application "first" is the reference "share-worker" in group "workers" reading "orders"
      | lock  | 1s   |
      | batch | 1    |
      | work  | 30ms |
    And application "second" is the reference "share-worker" in group "workers" reading "orders"
      | lock  | 1s   |
      | batch | 1    |
      | work  | 30ms |
    And 80 records from generator "orders" are in "orders"
    When application "first" is started
    And application "second" is started
    Then within 30s every record of "orders" was settled once in share group "workers"

  Scenario: Another member goes on with what one held that was killed
    Given application "first" is the reference "share-worker" in group "workers" reading "orders"
      | work | 20ms |
    And application "second" is the reference "share-worker" in group "workers" reading "orders"
    And 100 records from generator "orders" are in "orders"
    When application "first" is started
    And "first" has processed at least 5 records
    And application "first" is killed
    And application "second" is started
    Then within 10s every record of "orders" was settled once in share group "workers"
    And group "workers" has 1 member
