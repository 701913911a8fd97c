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
