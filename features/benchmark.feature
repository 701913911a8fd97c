Feature: Benchmark
  Throughput counts what the cluster has acknowledged. Latency runs from the time in each event to the moment the consumer has it. Each event is checked, and nothing
  that would make the figures better is left out. The floors and ceilings here hold on a busy machine: they say that the measuring works, not how fast Kafka is.

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
      | events  | 200_000 |
      | warm-up | 20_000  |
    And application "meter" is the reference "bench-consumer" reading "events"
      | events  | 200_000 |
      | warm-up | 20_000  |
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
      | events      | 20_000  |
      | producers   | 3       |
      | compression | <codec> |
      | record-size | <size>  |
    And application "meter" is the reference "bench-consumer" reading "events"
      | events    | 20_000 |
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

  Scenario: The warm-up is in no figure
    Given topic "events" with 3 partitions
    And application "load" is the reference "bench-producer" writing "events"
      | events  | 10_000 |
      | warm-up | 4_000  |
    And application "meter" is the reference "bench-consumer" reading "events"
      | events  | 10_000 |
      | warm-up | 4_000  |
    When within 3m application "meter" has finished
    Then "meter" timed exactly 6_000 events
    And every event of "events" was received by "meter" once and in order

  Scenario: At a fixed rate, the rate is kept and the latency is low
    Given topic "events" with 3 partitions
    And application "load" is the reference "bench-producer" writing "events"
      | events  | 4_000 |
      | rate    | 4_000 |
      | warm-up | 1_000 |
    And application "meter" is the reference "bench-consumer" reading "events"
      | events         | 4_000 |
      | warm-up        | 1_000 |
      | progress-every | 50ms  |
    When within 3m application "load" has finished
    And within 3m application "meter" has finished
    Then "load" produced at least 100 records/s
    And the p50 latency of "meter" is below 30s
    And "meter" reported its progress at least 1 time
    And every event of "events" was received by "meter" once and in order

  Scenario: A stall counts for every event that was due while it lasted
    The client may hold 20 events only, so that the producer itself is held up: what it could not send in that time is late all the same.

    Given topic "events" with 1 partition
    And application "load" is the reference "bench-producer" writing "events"
      | events | 2_000 |
      | rate   | 1_000 |
      | buffer | 20    |
    And application "meter" is the reference "bench-consumer" reading "events"
      | events | 2_000 |
    And the next 2 Produce requests from "load" are delayed by 800ms
    When within 3m application "load" has finished
    And within 3m application "meter" has finished
    Then the max latency of "meter" is at least 800ms
    And the p50 latency of "meter" is at least 400ms
    And every event of "events" was received by "meter" once and in order

  Scenario: The time in the event counts, not that of the record
    Given topic "events" with 1 partition
    And these records are in "events":
      | value                                |
      | {"sent":1700000000000000000,"seq":0} |
      | {"sent":1700000000000000000,"seq":1} |
    And application "meter" is the reference "bench-consumer" reading "events"
      | events | 2 |
    When application "meter" has finished
    Then the p50 latency of "meter" is at least 1h

  Scenario: What the topic refuses is not counted, and makes the run fail
    Given topic "events" with 3 partitions
      | max.message.bytes | 2_000 |
    And application "load" is the reference "bench-producer" writing "events"
      | events      | 500 |
      | record-size | 3kB |
    Then "load" reported as many acknowledged records as "events" holds
    And application "load" fails with "500 events were refused"
    And "events" is empty

  Scenario: An event that never came makes the measurement fail
    Given topic "events" with 1 partition
    And these records are in "events":
      | value                                |
      | {"sent":1700000000000000000,"seq":0} |
      | {"sent":1700000000000000000,"seq":2} |
    And application "meter" is the reference "bench-consumer" reading "events"
      | events   | 3     |
      | patience | 500ms |
    Then application "meter" fails with "seq 1 never came"

  Scenario: An event that came twice makes the measurement fail
    Given topic "events" with 1 partition
    And these records are in "events":
      | value                                |
      | {"sent":1700000000000000000,"seq":0} |
      | {"sent":1700000000000000000,"seq":1} |
      | {"sent":1700000000000000000,"seq":1} |
    And application "meter" is the reference "bench-consumer" reading "events"
      | events | 2 |
    Then application "meter" fails with "seq 1 came again"

  Scenario: An event that came late makes the measurement fail
    Given topic "events" with 1 partition
    And these records are in "events":
      | value                                |
      | {"sent":1700000000000000000,"seq":1} |
      | {"sent":1700000000000000000,"seq":0} |
    And application "meter" is the reference "bench-consumer" reading "events"
      | events | 2 |
    Then application "meter" fails with "seq 0 at partition 0 offset 1 stands behind 1"

  Scenario: A run is held against a baseline of the same kind of cluster
    Given topic "events" with 12 partitions
    And application "load" is the reference "bench-producer" writing "events"
      | events  | 50_000 |
      | warm-up | 5_000  |
    When within 3m application "load" has finished
    Then "load" is at most 99.9% worse than the baseline "embedded"
