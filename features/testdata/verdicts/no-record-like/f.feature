Feature: A record that should not be there
  A tombstone, an empty value and a missing key are told apart; what compaction takes away is waited for.

  Scenario: WRONG a tombstone
    Given topic "t" with 1 partition
    And these records are in "t":
      | key | value |
      | a   | null  |
    Then no record of "t" is like:
      | key |
      | a   |

  Scenario: WRONG an empty value
    Given topic "t" with 1 partition
    And these records are in "t":
      | key | value |
      | a   | ""    |
    Then no record of "t" is like:
      | key |
      | a   |

  Scenario: WRONG no key
    Given topic "t" with 1 partition
    And these records are in "t":
      | key  | value |
      | null | x     |
    Then no record of "t" is like:
      | value |
      | x     |

  # Apache Kafka's cleaner takes tombstones in its own time, which may be after the next writes.
  @embedded
  Scenario: RIGHT a tombstone that compaction takes away
    Given topic "t" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
      | delete.retention.ms       | 0       |
    And these records are in "t":
      | key | value |
      | a   | 1     |
      | a   | null  |
    And these records are in "t":
      | key | value |
      | b   | 1     |
    When the log of "t" is compacted
    Then within 40s no record of "t" is like:
      | key |
      | a   |

  Scenario: RIGHT a field that must not be there, and is not
    Given topic "o" with 1 partition
    And topic "people" with 1 partition
    And these records are in "people":
      | value          |
      | {"ssn": "1-2"} |
    And these records are in "o":
      | key | value          |
      | u1  | {"amount": -5} |
    Then no record of "o" is like:
      | value.ssn |
      | <any>     |

  Scenario: WRONG a field that must not be there
    Given topic "o" with 1 partition
    And these records are in "o":
      | key | value          |
      | u1  | {"ssn": null}  |
      | u2  | {"ssn": "1-2"} |
    Then no record of "o" is like:
      | value.ssn |
      | <any>     |

  Scenario: RIGHT a topic without records
    Given topic "o" with 1 partition
    Then no record of "o" is like:
      | value.amount |
      | -5           |
