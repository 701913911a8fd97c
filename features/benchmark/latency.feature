Feature: Latency as a user sees it
  Latency runs from the time an event was due to the moment the consumer has it, so that a stall counts.

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
      | events  | 2_000 |
      | rate    | 2_000 |
      | warm-up | 1_000 |
    And application "meter" is the reference "bench-consumer" reading "events"
      | events         | 2_000 |
      | warm-up        | 1_000 |
      | progress-every | 50ms  |
    When within 3m application "load" has finished
    And within 3m application "meter" has finished
    Then "load" produced at least 100 records/s
    And the p50 latency of "meter" is below 30s
    And "meter" reported its progress at least 1 time
    And every event of "events" was received by "meter" once and in order

  Scenario: A stall counts for every event that was due while it lasted
    The client may hold 20 events only, so the producer is held up. What it could not send meanwhile is late.

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

  Scenario: A run is held against a baseline of the same kind of cluster
    Given topic "events" with 12 partitions
    And application "load" is the reference "bench-producer" writing "events"
      | events  | 20_000 |
      | warm-up | 5_000  |
    When within 3m application "load" has finished
    Then "load" is at most 99.9% worse than the baseline "embedded"
