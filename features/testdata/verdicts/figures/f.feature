@any-cluster
Feature: Figures that applications give, and rates that are seen

  Scenario Outline: <verdict> <what><says>
    Given topic "events" with 3 partitions
    And application "app" is the command "echo level=INFO msg=done <line>" <role> "events"
    When application "app" has finished
    Then <claim>

    Examples:
      | verdict | what                   | says                       | role    | line                                    | claim |
      | RIGHT   | a latency              |                            | reading | received=10 rate=100 p99=3ms timed=10   | the p99 latency of "app" is below 4ms |
      | WRONG   | a latency below 0      | , says "want a duration"   | reading | received=10 rate=100 p99=-3ms timed=10  | the p99 latency of "app" is below 4ms |
      | WRONG   | a latency of nothing   | , says "timed no event"    | reading | received=10 rate=100 p99=0s timed=0     | the p99 latency of "app" is below 4ms |
      | RIGHT   | a rate                 |                            | writing | acknowledged=10 rate=100                | "app" produced at least 100 records/s |
      | WRONG   | a rate of nothing      | , says "so it has no rate" | writing | acknowledged=0 rate=100                 | "app" produced at least 100 records/s |
      | WRONG   | a rate of none read    | , says "so it has no rate" | reading | received=0 rate=100                     | "app" consumed at least 100 records/s |

  Scenario: WRONG done in the life before, says "since it was started last"
    Given topic "events" with 1 partition
    And application "app" is the command "sh -c 'sleep 1; echo level=INFO msg=done received=9 rate=100; sleep 60'" reading "events"
    When application "app" is started
    And "app" has said "done"
    And application "app" is restarted
    Then within 300ms "app" consumed at least 100 records/s

  @embedded
  Scenario: RIGHT writes fast, after a time in which it does nothing
    Given topic "events" with 3 partitions
    And application "app" is the command "python3 figures/burst.py 600" writing "events"
    When application "app" has finished
    Then "events" received at least 250 records/s

  Scenario: WRONG writes slowly, says "want at least 10000"
    Given topic "events" with 3 partitions
    And application "app" is the command "python3 figures/burst.py 600" writing "events"
    When application "app" has finished
    Then within 300ms "events" received at least 10k records/s

  Scenario: WRONG was not seen to grow, says "was not seen to grow"
    Given topic "events" with 1 partition
    When 300 records are sent to "events" partition 0
    Then within 300ms "events" received at least 1 records/s

  Scenario Outline: <verdict> <what><says>
    Given topic "events" with 1 partition
    And application "app" is the command "python3 figures/transactions.py <does>" writing "events"
    When application "app" has finished
    Then within 300ms "events" received at least <rate>

    Examples:
      | verdict | what                                      | says                               | does              | rate          |
      | RIGHT   | transactions that are committed           |                                    | commit            | 100 records/s |
      | RIGHT   | one of which some are aborted             |                                    | commit abort      | 100 records/s |
      | WRONG   | transactions that are aborted             | , says "aborted records and markers" | abort           | 1 records/s   |
      | WRONG   | few records among many that are aborted   | , says "want at least 300"           | few abort         | 300 records/s |

  Scenario Outline: <verdict> the windows of <what><says>
    Given the day is 2026-01-05
    And topic "readings" with 1 partition
    And topic "windows" with 1 partition
    And application "app" is the command "sleep 60" reading "readings" writing "windows"
    When a transaction with 3 records in "readings" partition 0 is open
    And the open transaction is <ended>
    Then within 300ms "windows" holds no windows

    Examples:
      | verdict | what                | says                                  | ended     |
      | RIGHT   | records             |                                       | committed |
      | WRONG   | an aborted record   | , says "no other topic of the scenario" | aborted |
