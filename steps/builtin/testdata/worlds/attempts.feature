Feature: Worlds in which attempts to write are not as claimed

  Background:
    Given topic "events" with 1 partition
    And topic "events_dlq" with 1 partition

  @wrong
  Scenario: retries that come sooner
    Given application "sender" is the reference "retry-producer" writing "events"
      | events      | 1    |
      | first-delay | 5ms  |
    And the next 3 Produce requests from "sender" fail with NOT_ENOUGH_REPLICAS
    When application "sender" has finished
    Then within 300ms the retries of "sender" to "events" wait 1s, growing by 2 up to 10s, within 10%

  @wrong
  Scenario: a producer without an id
    Given application "sender" is the reference "wrong/retry-not-idempotent" writing "events"
      | events | 1 |
    When application "sender" has finished
    Then within 300ms the writes of "sender" to "events" are idempotent

  @empty
  Scenario Outline: nothing written
    Given application "sender" is the reference "talker" writing "events"
    Then within 300ms <claim>

    Examples:
      | claim                                                                                |
      | the retries of "sender" to "events" wait 20ms, growing by 2 up to 10s, within 10%    |
      | the writes of "sender" to "events" are idempotent                                    |

  @wrong
  Scenario Outline: a log that is lost
    Given topic "orders" with 1 partition
    And topic "parcels" with 1 partition
    And application "shipping" is the reference "careless" writing "orders" and "parcels"
    When application "shipping" has finished
    Then within 300ms <claim>

    Examples:
      | claim                                                     |
      | no transaction of "shipping" is torn                      |
      | no acknowledged record of "parcels" was lost or replaced  |

  @empty
  Scenario Outline: nothing was written
    Given topic "orders" with 1 partition
    And application "shipping" is the reference "talker" writing "orders"
    When application "shipping" is started
    Then within 300ms <claim>

    Examples:
      | claim                                                     |
      | no transaction of "shipping" is torn                      |
      | no acknowledged record of "orders" was lost or replaced   |

  @wrong
  Scenario: a member that commits outside of transactions
    Given topic "orders" with 1 partition
    And application "shipping" is the reference "wayward" in group "shipping" reading "orders"
    And these records are in "orders":
      | key | value |
      | a   | 1     |
    When application "shipping" is started
    And "shipping" has caught up with "orders"
    Then within 300ms the transactions of "shipping" commit its offsets

  @empty
  Scenario: a member that writes nothing
    Given topic "orders" with 1 partition
    And application "shipping" is the reference "wayward" in group "shipping" reading "orders"
    When application "shipping" is started
    Then within 300ms the transactions of "shipping" commit its offsets
