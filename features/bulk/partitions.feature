Feature: Users and partitions
  Each user stays on one partition, in order, and the partitions fill evenly.

  Scenario Outline: A user stays on one partition, with <codec> as without
    Given topic "plain" with 6 partitions
    And topic "packed" with 6 partitions
    And application "one" is the reference "bulk-producer" writing "plain"
      | events      | 10_000 |
      | compression | none   |
    And application "other" is the reference "bulk-producer" writing "packed"
      | events      | 10_000  |
      | seed        | 2       |
      | compression | <codec> |
    When within 1m application "one" has finished
    And within 1m application "other" has finished
    Then the keys of "plain" are on the same partitions as in "packed"
    And every key of "packed" is on the partition of Kafka's default partitioner

    Examples:
      | codec  |
      | snappy |
      | lz4    |
      | zstd   |
      | gzip   |

  Scenario: A user's events stay in order
    Given topic "events" with 3 partitions
    And application "loader" is the reference "bulk-producer" writing "events"
      | events | 50_000 |
      | users  | 10     |
    When within 1m application "loader" has finished
    Then the writes of "loader" to "events" are idempotent
    And field "seq" of "events" runs from 0 to 49_999, each exactly once
    And every key of "events" is on the partition of Kafka's default partitioner

  Scenario: Partitions fill evenly
    Given topic "events" with 6 partitions
    And application "loader" is the reference "bulk-producer" writing "events"
      | events | 100_000 |
      | users  | 10_000  |
    When within 1m application "loader" has finished
    Then the busiest partition of "events" has at most 5% more than the mean
    And the idlest partition of "events" has at most 5% less than the mean
    And the keys of "events" are spread evenly, with a chi-square p of at least 0.01
