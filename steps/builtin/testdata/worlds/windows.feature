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
  Scenario Outline: a window that is drawn, with <what>
    Given the records of "readings" are written as:
      | value.meter.id | {key}        |
      | value.at       | {time in ms} |
      | value.kwh      | {value}      |
    And the records of "readings_windows" are written as:
      | key         | [{key}@{start}/{end}] |
      | value.count | {count}               |
      | value.total | {sum as text}         |
    And these records are in "readings":
      | value.meter.id | value.kwh | value.at      |
      | m1             | 5.10      | 1767607260000 |
      | m1             | 0.2       | 1767607261000 |
      | m1             | 1         | 1767612600000 |
    And these records are in "readings_windows":
      | key   | value   |
      | <key> | <value> |
    Then within 300ms "readings_windows" holds exactly the windows of "readings" of 1h with grace 1m

    Examples:
      | what           | key                              | value                        |
      | another key    | [m2@1767607200000/1767610800000] | {"count": 2, "total": "5.3"} |
      | another start  | [m1@1767607200001/1767610800000] | {"count": 2, "total": "5.3"} |
      | another end    | [m1@1767607200000/1767610800001] | {"count": 2, "total": "5.3"} |
      | another sum    | [m1@1767607200000/1767610800000] | {"count": 2, "total": "5.31"} |
      | another count  | [m1@1767607200000/1767610800000] | {"count": 3, "total": "5.3"} |
      | no sum         | [m1@1767607200000/1767610800000] | {"count": 2}                 |
      | a sum rounded  | [m1@1767607200000/1767610800000] | {"count": 2, "total": "5"}   |
      | another shape  | m1@1767607200000                 | {"count": 2, "total": "5.3"} |

  @wrong
  Scenario Outline: stream time is <stream>, and <what>
    Given topic "two" with 2 partitions
    And these records are in "two":
      | partition | key | value         | timestamp |
      | 0         | a   | {"amount": 1} | 10:01     |
      | 0         | a   | {"amount": 1} | 11:30     |
      | 1         | b   | {"amount": 1} | 10:02     |
    And these records are in "readings_windows":
      | key   | value                                        |
      | <key> | {"start": "2026-01-05T10:00:00Z", "count": 1} |
    Then within 300ms "readings_windows" holds exactly the windows of "two" of 1h with grace 1m
      | late        | readings_late |
      | stream-time | <stream>      |

    Examples:
      | stream            | key | what                     |
      | slowest partition | a   | one is early             |
      | per partition     | b   | one is early             |
      | global            | a   | one is missing           |

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
  Scenario Outline: no window has closed
    Given these records are in "readings":
      | key | value         | timestamp |
      | m1  | {"amount": 5} | 10:00     |
      | m1  | {"amount": 1} | 10:30     |
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

  @empty
  Scenario: no windows of nothing
    Then within 300ms "readings_windows" holds no windows

  @holds
  Scenario: no windows of an event
    Given the record "{}" is in "readings"
    Then "readings_windows" holds no windows
