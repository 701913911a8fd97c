Feature: Worlds in which measurements are not as claimed

  Background:
    Given topic "events" with 1 partition

  @wrong
  Scenario Outline: a slow run
    Given application "meter" is the reference "talker" writing "events"
      | says | done acknowledged=10 received=10 rate=10 timed=10 p50=10ms p99=2s |
      | ends | true                                                              |
    When application "meter" has finished
    Then within 300ms <claim>

    Examples:
      | claim                                                     |
      | the p50 latency of "meter" is at least 20ms               |
      | the p99 latency of "meter" is below 1s                    |
      | "meter" consumed at least 20 records/s                    |
      | "meter" produced at least 20 records/s                    |
      | "meter" is at most 50% worse than the baseline "embedded" |
      | "meter" timed exactly 9 events                            |
      | "meter" timed at least 11 events                          |
      | "meter" timed at most 9 events                            |

  @wrong
  Scenario: an event that was received twice
    Given these records are in "events":
      | value     |
      | {"seq":0} |
      | {"seq":1} |
    And application "meter" is the reference "talker" writing "events"
      | says | done producers=1 received=3 records=3 lost=0 repeated=1 reordered=0 foreign=0 |
      | ends | true                                                                          |
    When application "meter" has finished
    Then within 300ms every event of "events" was received by "meter" once and in order

  @empty
  Scenario Outline: nothing measured
    Given application "meter" is the reference "talker" writing "events"
    Then within 300ms <claim>

    Examples:
      | claim                                                             |
      | every event of "events" was received by "meter" once and in order |
      | the p50 latency of "meter" is at least 1ns                        |
      | the p99 latency of "meter" is below 1h                            |
      | "meter" consumed at least 1 records/s                             |
      | "meter" produced at least 1 records/s                             |
      | "meter" is at most 99% worse than the baseline "embedded"         |
      | "meter" timed exactly 0 events                                    |
      | "meter" timed at least 1 event                                    |
      | "meter" timed at most 0 events                                    |

  @empty
  Scenario: a run without an event
    Given application "meter" is the reference "talker" writing "events"
      | says | done producers=1 received=0 records=0 lost=0 repeated=0 reordered=0 foreign=0 |
      | ends | true                                                                          |
    When application "meter" has finished
    Then within 300ms every event of "events" was received by "meter" once and in order
