Feature: Records that were looked at are taken away
  What is looked at next is what the log holds then.

  Scenario: RIGHT exactly after deletion
    Given topic "two" with 2 partitions
    And 20 records are in "two" partition 0
    And 10 records are in "two" partition 1
    Then within 300ms "two" contains exactly 30 records
    When the records of "two" partition 0 before offset 10 are deleted
    Then within 500ms "two" contains exactly 20 records

  Scenario: RIGHT busiest after deletion, not looked at before
    Given topic "two" with 2 partitions
    And 20 records are in "two" partition 0
    And 10 records are in "two" partition 1
    When the records of "two" partition 0 before offset 10 are deleted
    Then within 500ms the busiest partition of "two" has at most 10% more than the mean

  Scenario: RIGHT busiest after deletion, looked at before
    Given topic "two" with 2 partitions
    And 20 records are in "two" partition 0
    And 10 records are in "two" partition 1
    Then within 500ms the busiest partition of "two" has at most 50% more than the mean
    When the records of "two" partition 0 before offset 10 are deleted
    Then within 500ms the busiest partition of "two" has at most 10% more than the mean

  Scenario: RIGHT compacted after a look
    Given topic "accounts" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And these records are in "accounts":
      | key | value |
      | a   | 1     |
      | a   | 2     |
    And these records are in "accounts":
      | key | value |
      | c   | 1     |
    Then "accounts" contains at least 2 records
    When the log of "accounts" is compacted
    Then within 500ms "accounts" contains exactly 2 records
    And "accounts" contains exactly:
      | key | value |
      | a   | 2     |
      | c   | 1     |
