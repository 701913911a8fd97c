Feature: Refused events
  Only what was acknowledged is counted.

  Scenario: What the topic refuses is not counted, and makes the run fail
    Given topic "events" with 3 partitions
      | max.message.bytes | 20_000 |
    And application "loader" is the reference "bulk-producer" writing "events"
      | events         | 10_000 |
      | oversize-every | 1_000  |
    Then application "loader" fails with "refused"
    And "events" contains exactly 9_990 records
    And "loader" reported as many acknowledged records as "events" holds
    And "loader" said "msg=refused key=" exactly 10 times
