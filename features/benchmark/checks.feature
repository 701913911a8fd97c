Feature: A measurement that lacks an event fails
  An event that was refused, never came, came twice or came late makes the run fail.

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
      | patience | 200ms |
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
