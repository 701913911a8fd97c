Feature: Worlds in which no request is held

  Background:
    Given topic "events" with 1 partition

  @wrong
  Scenario: requests of another kind
    Given application "loader" is the reference "bulk-producer" writing "events"
      | events | 10 |
    And every Fetch request from "loader" is held
    When application "loader" has finished
    Then within 300ms a request is held

  @empty
  Scenario: no request
    Given application "loader" is the reference "talker" writing "events"
    And every Produce request from "loader" is held
    Then within 300ms a request is held
