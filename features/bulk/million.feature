Feature: A million events
  A producer that sends very many events keeps each user on one partition, and fills the partitions evenly.

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
