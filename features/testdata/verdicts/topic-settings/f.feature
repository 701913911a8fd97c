Feature: settings of topics

  Scenario Outline: <verdict> LogAppendTime takes the broker's time, of <timestamp>
    Given topic "t" with 1 partition
      | message.timestamp.type | LogAppendTime |
    When these records are sent to "t":
      | key | value | timestamp            |
      | k   | a     | 2020-01-01T00:00:00Z |
    Then within 1s "t" contains exactly:
      | key | timestamp   |
      | k   | <timestamp> |

    Examples:
      | verdict | timestamp              |
      | RIGHT   | > 2024-01-01T00:00:00Z |
      | WRONG   | 2020-01-01T00:00:00Z   |

  Scenario: RIGHT a compacted topic takes no record without a key
    Given topic "t" with 1 partition
      | cleanup.policy | compact |
    And application "p" is the command "python3 topic-settings/keyless.py" writing "t"
    When application "p" is started
    Then application "p" fails with "InvalidRecord"

  Scenario Outline: WRONG <setting> is <value>
    Given topic "t" with 1 partition
      | <setting> | <value> |
    Then for 10ms "t" is empty

    Examples:
      | setting        | value   |
      | retention.mss  | 1000    |
      | cleanup.policy | compcat |

  Scenario Outline: WRONG a record of <timestamp> where <setting> is <value>
    Given topic "t" with 1 partition
      | <setting> | <value> |
    When these records are sent to "t":
      | key | value | timestamp   |
      | k   | a     | <timestamp> |
    Then "t" contains exactly 1 record

    Examples:
      | setting                         | value | timestamp            |
      | message.timestamp.after.max.ms  | 1000  | 2040-01-01T00:00:00Z |
      | message.timestamp.before.max.ms | 1000  | 2020-01-01T00:00:00Z |
