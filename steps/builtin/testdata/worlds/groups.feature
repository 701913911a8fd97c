Feature: Worlds in which a group is not where it is claimed to be

  Background:
    Given topic "orders" with 1 partition
    And topic "orders_dlq" with 1 partition

  @wrong
  Scenario Outline: one commit, of two records
    Given 2 records are in "orders" partition 0
    And group "shipping" commits offset 1 of "orders" partition 0
    Then within 300ms <claim>

    Examples:
      | claim                                                           |
      | group "shipping" has committed nothing of "orders"              |
      | group "shipping" has committed offset 2 of "orders" partition 0 |
      | group "shipping" has no lag on "orders"                         |
      | group "shipping" has 1 member                                   |
      | group "shipping" has at least 1 member                          |

  @wrong
  Scenario: a member more than there may be
    Given application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
    When application "shipping" is started
    Then within 300ms group "shipping" has at most 0 members

  @wrong
  Scenario: a record that it does not get past
    Given application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
      | fail-transient | 1_000 |
      | retries        | 1_000 |
      | retry-backoff  | 10ms  |
    When the record "{}" is sent to "orders"
    And "shipping" has retried at least 1 time
    Then within 300ms "shipping" has caught up with "orders"

  @empty
  Scenario Outline: a group that does nothing
    Given application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
    When application "shipping" is started
    Then within 300ms <claim>

    Examples:
      | claim                                                           |
      | group "shipping" has committed offset 1 of "orders" partition 0 |
      | group "shipping" has committed offset 0 of "orders" partition 0 |
      | group "shipping" has 0 members                                  |
      | group "shipping" has at least 2 members                         |
      | group "shipping" has at most 0 members                          |

  @holds
  Scenario Outline: a group that has read all there is, which is nothing
    Given application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
    When application "shipping" is started
    Then <claim>

    Examples:
      | claim                                              |
      | group "shipping" has committed nothing of "orders" |
      | group "shipping" has no lag on "orders"            |
      | "shipping" has caught up with "orders"             |
