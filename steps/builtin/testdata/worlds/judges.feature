Feature: Worlds in which whole topics are not as claimed

  Background:
    Given topic "events" with 3 partitions
    And topic "copies" with 3 partitions

  @wrong
  Scenario Outline: keys on another partition, a record lost and one out of order
    Given these records are in "events":
      | partition | key | value     |
      | 0         | a   | {"seq":0} |
      | 0         | a   | {"seq":1} |
      | 0         | b   | {"seq":2} |
      | 0         | c   | {"seq":3} |
    And these records are in "copies":
      | partition | key | value     |
      | 1         | a   | {"seq":1} |
      | 1         | a   | {"seq":0} |
      | 1         | b   | {"seq":3} |
    Then within 300ms <claim>

    Examples:
      | claim                                                                      |
      | every key of "events" is on the partition of Kafka's default partitioner   |
      | every record of "events" is in "copies" exactly once                       |
      | field "seq" of "events" runs from 0 to 4, each exactly once                |
      | the busiest partition of "events" has at most 50% more than the mean       |
      | the idlest partition of "events" has at most 50% less than the mean        |
      | the keys of "events" are on the same partitions as in "copies"             |
      | the records of "events" are in "copies" in the same order per key          |
      | the records of "events" are in "copies" in the same order per key, by "seq" |

  @wrong
  Scenario: all keys on one partition
    Given 40 records from generator "orders" are in "copies"
    And these records are in "events":
      | partition | key |
      | 0         | a   |
      | 0         | b   |
      | 0         | c   |
      | 0         | d   |
      | 0         | e   |
      | 0         | f   |
      | 0         | g   |
      | 0         | h   |
      | 0         | i   |
      | 0         | j   |
      | 0         | k   |
      | 0         | l   |
      | 0         | m   |
      | 0         | n   |
      | 0         | o   |
      | 0         | p   |
    Then within 300ms the keys of "events" are spread evenly, with a chi-square p of at least 0.01

  @empty
  Scenario Outline: no record
    Then within 300ms <claim>

    Examples:
      | claim                                                                      |
      | every key of "events" is on the partition of Kafka's default partitioner   |
      | every record of "events" is in "copies" exactly once                       |
      | field "seq" of "events" runs from 0 to 4, each exactly once                |
      | field "seq" of "events" runs from 0 to -1, each exactly once               |
      | the busiest partition of "events" has at most 50% more than the mean       |
      | the idlest partition of "events" has at most 50% less than the mean        |
      | the keys of "events" are on the same partitions as in "copies"             |
      | the keys of "events" are spread evenly, with a chi-square p of at least 0.01 |
      | the records of "events" are in "copies" in the same order per key          |
      | the records of "events" are in "copies" in the same order per key, by "seq" |
