Feature: Bulk producer
  A producer that sends very many events keeps each user on one partition, fills the partitions evenly, and counts only what was acknowledged.

  @heavy
  Scenario: A million events arrive, each once and in its place
    Given topic "events" with 12 partitions
    And application "loader" is the reference "bulk-producer" writing "events"
      | events | 1_000_000 |
      | users  | 10_000    |
    When within 2m application "loader" has finished
    Then field "seq" of "events" runs from 0 to 999_999, each exactly once
    And every key of "events" is on the partition of Kafka's default partitioner
    And the busiest partition of "events" has at most 10% more than the mean
    And the idlest partition of "events" has at most 10% less than the mean
    And the keys of "events" are spread evenly, with a chi-square p of at least 0.01
    And "loader" reported as many acknowledged records as "events" holds
    And "loader" reported its progress at least 5 times
    And "events" received at least 5k records/s

  Scenario Outline: A user stays on one partition, with <codec> as without
    Given topic "plain" with 6 partitions
    And topic "packed" with 6 partitions
    And application "one" is the reference "bulk-producer" writing "plain"
      | events      | 20_000 |
      | compression | none   |
    And application "other" is the reference "bulk-producer" writing "packed"
      | events      | 20_000  |
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

  Scenario: A user's events stay in order
    Given topic "events" with 3 partitions
    And application "loader" is the reference "bulk-producer" writing "events"
      | events | 50_000 |
      | users  | 10     |
    When within 1m application "loader" has finished
    Then field "seq" of "events" runs from 0 to 49_999, each exactly once
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
