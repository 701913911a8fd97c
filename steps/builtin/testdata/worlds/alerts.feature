Feature: Worlds in which alerts are not as claimed
  The monitor raises an alert from a lag of 3 on.

  Background:
    Given topic "orders" with 1 partition
    And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
      | threshold | 3    |
      | poll      | 20ms |

  @wrong
  Scenario: an alert too few and too low
    When 4 records are sent to "orders" partition 0
    And "monitor" has raised an alert for "orders" partition 0
    Then within 300ms the alerts of "monitor" follow the lag of group "shipping" on "orders" over 5

  @wrong
  Scenario: a breach that nobody was told of
    Given application "other" is the reference "talker" watching group "shipping" on "orders"
    When 4 records are sent to "orders" partition 0
    And "monitor" has raised an alert for "orders" partition 0
    And group "shipping" commits offset 4 of "orders" partition 0
    Then within 300ms the alerts of "other" follow the lag of group "shipping" on "orders" over 3
      | within | 1ms |

  @wrong
  Scenario: a breach that nobody was told of, until a transaction was committed
    Given topic "orders_dlq" with 1 partition
    And application "other" is the reference "talker" watching group "shipping" on "orders"
    And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
      | transactional | true |
    When 4 records are sent to "orders" partition 0
    And "monitor" has raised an alert for "orders" partition 0
    And application "shipping" is started
    And "shipping" has caught up with "orders"
    Then within 300ms the alerts of "other" follow the lag of group "shipping" on "orders" over 3
      | within | 1ms |

  @wrong
  Scenario: an alert of more records than there are
    Given application "other" is the reference "talker" watching group "shipping" on "orders"
      | says | alert topic=orders partition=0 lag=1000 threshold=3 at=${base-time} |
    When 4 records are sent to "orders" partition 0
    And "other" has raised an alert for "orders" partition 0
    Then within 300ms the alerts of "other" follow the lag of group "shipping" on "orders" over 3

  @wrong
  Scenario: an alert of a partition that does not exist
    Given application "other" is the reference "talker" watching group "shipping" on "orders"
      """
      says:
        - alert topic=orders partition=0 lag=4 threshold=3 at=${base-time}
        - alert topic=orders partition=99 lag=4 threshold=3 at=${base-time}
      """
    When 4 records are sent to "orders" partition 0
    And "other" has raised an alert for "orders" partition 0
    Then within 300ms the alerts of "other" follow the lag of group "shipping" on "orders" over 3

  @wrong
  Scenario Outline: one alert, of a lag of 4
    When 4 records are sent to "orders" partition 0
    And "monitor" has raised an alert for "orders" partition 0
    Then within 300ms <claim>

    Examples:
      | claim                                                                     |
      | the last alert of "monitor" for "orders" partition 0 names a lag of 3     |
      | "monitor" cleared exactly 1 alert for "orders" partition 0                |
      | "monitor" raised exactly 2 alerts for "orders" partition 0                |
      | "monitor" raised exactly 0 alerts for "orders" partition 0                |
      | "monitor" raised at least 2 alerts for "orders" partition 0               |
      | "monitor" raised at most 0 alerts for "orders" partition 0                |
      | "monitor" cleared at least 1 alert for "orders" partition 0               |
      | "monitor" reported "orders" partition 0 as "slow"                         |
      | "monitor" shows the metric "lag_monitor_lag" of "orders" partition 0 as 5 |

  @wrong
  Scenario: an alert that was cleared
    When 4 records are sent to "orders" partition 0
    And "monitor" has raised an alert for "orders" partition 0
    And group "shipping" commits offset 4 of "orders" partition 0
    And "monitor" cleared at least 1 alert for "orders" partition 0
    Then within 300ms "monitor" cleared no alerts for "orders" partition 0

  @wrong
  Scenario: an alert that was cleared once too often
    When 4 records are sent to "orders" partition 0
    And "monitor" has raised an alert for "orders" partition 0
    And group "shipping" commits offset 4 of "orders" partition 0
    And "monitor" cleared at least 1 alert for "orders" partition 0
    Then within 300ms "monitor" cleared at most 0 alerts for "orders" partition 0

  @wrong
  Scenario: a lag that is no reason for an alert
    When 2 records are sent to "orders" partition 0
    Then within 300ms "monitor" has raised an alert for "orders" partition 0

  @empty
  Scenario Outline: no record
    Then within 300ms <claim>

    Examples:
      | claim                                                                         |
      | the alerts of "monitor" follow the lag of group "shipping" on "orders" over 3 |
      | the last alert of "monitor" for "orders" partition 0 names a lag of 0         |
      | "monitor" cleared exactly 1 alert for "orders" partition 0                    |
      | "monitor" has raised an alert for "orders" partition 0                        |
      | "monitor" raised exactly 1 alert for "orders" partition 0                     |
      | "monitor" reported "orders" partition 0 as "stopped"                          |
      | "monitor" shows the metric "lag_monitor_lag" of "orders" partition 0 as 1     |

  @empty
  Scenario Outline: an application that says nothing
    Given application "other" is the reference "talker" watching group "shipping" on "orders"
    When 4 records are sent to "orders" partition 0
    Then within 300ms <claim>

    Examples:
      | claim                                                     |
      | "other" cleared exactly 0 alerts for "orders" partition 0 |
      | "other" raised exactly 0 alerts for "orders" partition 0  |
      | "other" raised at least 1 alert for "orders" partition 0  |
      | "other" raised at most 1 alert for "orders" partition 0   |
      | "other" cleared at least 1 alert for "orders" partition 0 |
      | "other" cleared at most 1 alert for "orders" partition 0  |

  @holds
  Scenario Outline: a monitor that says where its metrics are is heard, and there is no lag
    Then <claim>

    Examples:
      | claim                                                       |
      | "monitor" raised exactly 0 alerts for "orders" partition 0  |

  @empty
  Scenario Outline: no alert that could be cleared
    Then within 300ms <claim>

    Examples:
      | claim                                                       |
      | "monitor" cleared exactly 0 alerts for "orders" partition 0 |
      | "monitor" cleared at most 1 alert for "orders" partition 0  |
