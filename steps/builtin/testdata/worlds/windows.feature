Feature: Worlds in which windows are not as claimed

  Background:
    Given the day is 2026-01-05
    And topic "readings" with 1 partition
    And topic "readings_windows" with 1 partition
    And topic "readings_late" with 1 partition

  @wrong
  Scenario Outline: a window with a wrong sum
    Given these records are in "readings":
      | key | value         | timestamp |
      | m1  | {"amount": 5} | 10:00     |
      | m1  | {"amount": 1} | 11:30     |
    And these records are in "readings_windows":
      | key | value                                                                                              |
      | m1  | {"start":"2026-01-05T10:00:00Z","end":"2026-01-05T11:00:00Z","count":1,"sum":6,"min":5,"max":5}     |
    Then within 300ms <claim>

    Examples:
      | claim                                                                                |
      | "readings_windows" holds exactly the windows of "readings" of 1h with grace 1m       |
      | "readings_windows" holds exactly the windows of "readings" of 1h without grace       |
      | "readings_windows" holds no windows                                                  |

  @wrong
  Scenario: a window of another hour
    Given these records are in "readings_windows":
      | key | value                                                                                              |
      | m1  | {"start":"2026-01-05T10:00:00Z","end":"2026-01-05T11:00:00Z","count":1,"sum":6,"min":5,"max":5}     |
    Then within 300ms "readings_windows" holds exactly these windows:
      | key | window      | count |
      | m1  | 11:00-12:00 | 1     |

  @empty
  Scenario Outline: no event
    Then within 300ms <claim>

    Examples:
      | claim                                                                                |
      | "readings_windows" holds exactly the windows of "readings" of 1h with grace 1m       |
      | "readings_windows" holds exactly the windows of "readings" of 1h without grace       |

  @empty
  Scenario: no window like it
    Then within 300ms "readings_windows" holds exactly these windows:
      | key | window      | count |
      | m1  | 11:00-12:00 | 1     |

  @holds
  Scenario: a topic without records holds no windows
    Then "readings_windows" holds no windows
