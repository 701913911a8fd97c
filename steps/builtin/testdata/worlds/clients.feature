Feature: Worlds in which clients are not as claimed

  Background:
    Given topic "events" with 1 partition

  @wrong
  Scenario Outline: a client in Go, of the protocol's newest versions
    Given application "loader" is the reference "bulk-producer" writing "events"
      | events | 10 |
    When application "loader" has finished
    Then within 300ms <claim>

    Examples:
      | claim                                             |
      | the client of "loader" calls itself "librdkafka"  |
      | "loader" speaks Produce in version 99 or newer    |

  @empty
  Scenario Outline: no client
    Given application "loader" is the reference "talker" writing "events"
    Then within 300ms <claim>

    Examples:
      | claim                                             |
      | the client of "loader" calls itself "kgo"         |
      | "loader" speaks Produce in version 1 or newer     |
