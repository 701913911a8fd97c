Feature: Compaction takes records that something is made of
  What it may have taken before anybody read it may have come to something, and need not.

  Background:
    Given the day is 2026-03-01

  Scenario Outline: <verdict> <what> answered<says>
    Given topic "asked" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And topic "answers" with 1 partition
    And these records are in "asked":
      | key | value     |
      | a   | {"id": 1} |
      | a   | {"id": 5} |
      | a   | {"id": 2} |
    And these records are in "asked":
      | key | value     |
      | b   | {"id": 3} |
    When the log of "asked" is compacted
    And these records are sent to "answers":
      | key | value     |
      | a   | {"id": 2} |
      | x   | <second>  |
      | x   | <third>   |
    Then within 1s every record of "asked" has exactly one reply in "answers", by "id"

    Examples:
      | verdict | what                              | says                         | second    | third     |
      | RIGHT   | all of it                         |                              | {"id": 3} | {"id": 1} |
      | WRONG   | too little                        | , says "missing reply"       | {"id": 1} | {"id": 5} |
      | WRONG   | what is gone twice                | , says "reply twice"         | {"id": 1} | {"id": 1} |
      | WRONG   | what is there twice               | , says "reply twice"         | {"id": 3} | {"id": 3} |
      | WRONG   | what nobody asked                 | , says "a reply to the id 4" | {"id": 3} | {"id": 4} |

  Scenario Outline: RIGHT only what was left <has>
    Given topic "asked" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And topic "answers" with 1 partition
    And topic "others" with 1 partition
    And these records are in "asked":
      | key | value     |
      | a   | {"id": 1} |
      | a   | {"id": 2} |
    And these records are in "asked":
      | key | value     |
      | b   | {"id": 3} |
    When the log of "asked" is compacted
    And these records are sent to "answers":
      | key | value     |
      | a   | {"id": 2} |
      | b   | {"id": 3} |
    Then within 1s every record of "asked" has exactly one <has>

    Examples:
      | has                                          |
      | reply in "answers", by "id"                  |
      | result in "answers" or "others", by "id"     |

  Scenario Outline: <verdict> <what> joined<says>
    Given topic "users" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And topic "payments" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And topic "enriched" with 1 partition
    And topic "unmatched" with 1 partition
    And these records are in "users":
      | key | value        | timestamp |
      | u1  | {"name":"A"} | 10:00     |
      | u1  | {"name":"B"} | 11:00     |
      | u2  | {"name":"C"} | 10:00     |
    And these records are in "users":
      | key | value        | timestamp |
      | u3  | {"name":"D"} | 12:00     |
    And these records are in "payments":
      | key | value      | timestamp |
      | u1  | {"id":"a"} | 10:10     |
      | u1  | {"id":"b"} | 10:20     |
    And these records are in "payments":
      | key | value      | timestamp |
      | u2  | {"id":"c"} | 10:30     |
    When the log of "users" is compacted
    And the log of "payments" is compacted
    And these records are sent to "enriched":
      | key     | value       |
      | u2      | {"id":"c","user":{"name":"<C>"}}   |
      | <key>   | <value> |
    And these records are sent to "unmatched":
      | key       | value         |
      | <without> | <unmatched>   |
    Then within 1s "enriched" holds the join of "payments" with "users" as "user", by "id", and "unmatched" what found no match

    Examples:
      | verdict | what                           | says                        | C | key | value                          | without | unmatched  |
      | RIGHT   | all of it, as it was           |                             | C | u1  | {"id":"b","user":{"name":"A"}} | u1      | {"id":"a"} |
      | WRONG   | what is there to another one   | , says "wrong match"        | B | u1  | {"id":"b","user":{"name":"A"}} | u1      | {"id":"a"} |
      | WRONG   | to a version that was later    | , says "matched"            | C | u1  | {"id":"b","user":{"name":"B"}} | u1      | {"id":"a"} |
      | WRONG   | what is there twice            | , says "result twice"       | C | u1  | {"id":"b","user":{"name":"A"}} | u1      | {"id":"b"} |

  Scenario: RIGHT joined without what is gone
    Given topic "users" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And topic "payments" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And topic "enriched" with 1 partition
    And topic "unmatched" with 1 partition
    And these records are in "users":
      | key | value        | timestamp |
      | u1  | {"name":"A"} | 10:00     |
      | u1  | {"name":"B"} | 11:00     |
      | u2  | {"name":"C"} | 10:00     |
    And these records are in "users":
      | key | value        | timestamp |
      | u3  | {"name":"D"} | 12:00     |
    And these records are in "payments":
      | key | value      | timestamp |
      | u1  | {"id":"a"} | 10:10     |
      | u1  | {"id":"b"} | 10:20     |
    And these records are in "payments":
      | key | value      | timestamp |
      | u2  | {"id":"c"} | 10:30     |
    When the log of "users" is compacted
    And the log of "payments" is compacted
    And these records are sent to "enriched":
      | key | value                          |
      | u2  | {"id":"c","user":{"name":"C"}} |
    And these records are sent to "unmatched":
      | key | value      |
      | u1  | {"id":"b"} |
    Then within 1s "enriched" holds the join of "payments" with "users" as "user", by "id", and "unmatched" what found no match

  Scenario Outline: <verdict> a window of <sum><says>
    Given topic "readings" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And topic "sums" with 1 partition
    And these records are in "readings":
      | key | value         | timestamp |
      | m1  | {"amount": 5} | 10:00     |
      | m1  | {"amount": 1} | 10:01     |
    And these records are in "readings":
      | key | value         | timestamp |
      | m2  | {"amount": 1} | 10:20     |
    When the log of "readings" is compacted
    And these records are sent to "sums":
      | key | value                                           |
      | m1  | {"start": "2026-03-01T10:00:00Z", "sum": <sum>} |
    Then within 1s "sums" holds exactly the windows of "readings" of 5m without grace
      | late | dropped |

    Examples:
      | verdict | sum | says                           |
      | RIGHT   | 6   |                                |
      | RIGHT   | 1   |                                |
      | WRONG   | 5   | , says "right neither with all"      |

  Scenario Outline: <verdict> windows where <what> is left, and <emitted><says>
    Given topic "readings" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And topic "sums" with 1 partition
    And these records are in "readings":
      | key | value         | timestamp |
      | m1  | {"amount": 5} | 10:00     |
      | m1  | <value>       | 10:01     |
    And these records are in "readings":
      | key | value | timestamp |
      | m2  | <last> | 10:20    |
    When the log of "readings" is compacted
    And these records are sent to "sums":
      | key   | value                                           |
      | <key> | {"start": "2026-03-01T<start>:00Z", "sum": <sum>} |
    Then within 1s "sums" holds exactly the windows of "readings" of 5m without grace
      | late | dropped |

    Examples:
      | verdict | what       | emitted                     | says          | value         | last          | key | start | sum |
      | RIGHT   | a reading  | its window                  |               | {"amount": 1} | {"amount": 1} | m1  | 10:00 | 1   |
      | WRONG   | a reading  | the window of another hour  |               | {"amount": 1} | {"amount": 1} | m1  | 09:00 | 1   |
      | WRONG   | a reading  | the window of another key   |               | {"amount": 1} | {"amount": 1} | m3  | 10:00 | 1   |

  Scenario Outline: WRONG no window emitted where <what> stays, says "<says>"
    Given topic "readings" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And topic "sums" with 1 partition
    And these records are in "readings":
      | key | value         | timestamp |
      | m1  | <first>       | 10:00     |
      | m1  | <value>       | 10:01     |
    And these records are in "readings":
      | key | value  | timestamp |
      | m2  | <last> | 10:20     |
    When the log of "readings" is compacted
    Then within 1s "sums" holds exactly the windows of "readings" of 5m without grace
      | late | dropped |

    Examples:
      | what           | says                | first         | value         | last          |
      | a reading      | inconclusive        | {"amount": 5} | {"amount": 1} | {"amount": 1} |
      | tombstones     | belongs to a window | null          | null          | null          |

  Scenario: WRONG nothing joined, says "missing result"
    Given topic "users" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And topic "payments" with 1 partition
      | cleanup.policy            | compact |
      | segment.ms                | 1       |
      | min.cleanable.dirty.ratio | 0.01    |
    And topic "enriched" with 1 partition
    And topic "unmatched" with 1 partition
    And these records are in "users":
      | key | value        |
      | u1  | {"name":"A"} |
      | u1  | {"name":"B"} |
    And these records are in "payments":
      | key | value      |
      | u1  | {"id":"a"} |
      | u1  | {"id":"b"} |
    And these records are in "payments":
      | key | value      |
      | u2  | {"id":"c"} |
    When the log of "users" is compacted
    And the log of "payments" is compacted
    Then within 1s "enriched" holds the join of "payments" with "users" as "user", by "id", and "unmatched" what found no match

  Scenario: WRONG nothing to join, says "nothing was judged"
    Given topic "users" with 1 partition
      | cleanup.policy | compact |
    And topic "payments" with 1 partition
      | cleanup.policy | compact |
    And topic "enriched" with 1 partition
    And topic "unmatched" with 1 partition
    And these records are in "users":
      | key | value        |
      | u1  | {"name":"A"} |
    Then within 1s "enriched" holds the join of "payments" with "users" as "user", by "id", and "unmatched" what found no match
