Feature: Worlds in which a topic grows more slowly than claimed

  Background:
    Given topic "events" with 1 partition

  @wrong
  Scenario: a slow producer
    Given application "load" is the reference "bench-producer" writing "events"
      | events | 200 |
      | rate   | 400 |
    When application "load" has finished
    Then within 300ms "events" received at least 100k records/s

  @empty
  Scenario: no record
    Given application "load" is the reference "talker" writing "events"
    Then within 300ms "events" received at least 1 records/s

  @wrong
  Scenario: records that nobody can read
    Given application "load" is the reference "talker" writing "events"
    When a transaction with 300 records in "events" partition 0 is open
    And the open transaction is aborted
    Then within 300ms "events" received at least 1 records/s

  @empty
  Scenario: records that are gone
    Given application "load" is the reference "talker" writing "events"
    When 300 records are sent to "events" partition 0
    And the records of "events" partition 0 before offset 300 are deleted
    Then within 300ms "events" received at least 1 records/s
