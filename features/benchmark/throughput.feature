Feature: Throughput and latency of all events
  Throughput counts what the cluster has acknowledged, and each event is checked. The floors hold on a busy machine:
  they show that the measuring works, not how fast Kafka is.

  @huge
  Scenario: Ten million events, each checked and timed
    Given topic "events" with 12 partitions
    And application "load" is the reference "bench-producer" writing "events"
      | events  | 10_000_000 |
      | warm-up | 1_000_000  |
    And application "meter" is the reference "bench-consumer" reading "events"
      | events  | 10_000_000 |
      | warm-up | 1_000_000  |
    When within 10m application "load" has finished
    And within 10m application "meter" has finished
    Then "load" produced at least 200k records/s
    And "meter" consumed at least 200k records/s
    And "meter" timed exactly 9_000_000 events
    And the p99 latency of "meter" is below 10s
    And within 5m every event of "events" was received by "meter" once and in order
    And "load" reported as many acknowledged records as "events" holds

  Scenario: Every event is checked and timed, at full speed
    Given topic "events" with 12 partitions
    And application "load" is the reference "bench-producer" writing "events"
      | events  | 50_000 |
      | warm-up | 5_000  |
    And application "meter" is the reference "bench-consumer" reading "events"
      | events  | 50_000 |
      | warm-up | 5_000  |
    When within 3m application "load" has finished
    And within 3m application "meter" has finished
    Then "load" produced at least 1k records/s
    And "meter" consumed at least 1k records/s
    And "events" received at least 1k records/s
    And the p50 latency of "meter" is below 1m
    And the max latency of "meter" is below 2m
    And every event of "events" was received by "meter" once and in order
    And "load" reported as many acknowledged records as "events" holds

  Scenario Outline: Several producers and consumers share the work: <codec>, <size>
    Given topic "events" with 6 partitions
    And application "load" is the reference "bench-producer" writing "events"
      | events      | 10_000  |
      | producers   | 3       |
      | compression | <codec> |
      | record-size | <size>  |
    And application "meter" is the reference "bench-consumer" reading "events"
      | events    | 10_000 |
      | producers | 3      |
      | consumers | 2      |
    When within 3m application "load" has finished
    And within 3m application "meter" has finished
    Then every event of "events" was received by "meter" once and in order
    And "load" produced at least 100 records/s

    Examples:
      | codec  | size |
      | none   | 100B |
      | lz4    | 1KiB |
      | snappy | 100B |
      | zstd   | 100B |
