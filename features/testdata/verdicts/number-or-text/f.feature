@any-cluster
Feature: Numbers and texts that tell records apart
  Numbers are equal by value, however they are written. A text is no number.

  Scenario Outline: <verdict> in order by "n": <first>, <second> become <one>, <two><says>
    Given topic "orders" with 1 partition
    And topic "labels" with 1 partition
    And these records are in "orders":
      | key | value          |
      | u1  | {"n": <first>}  |
      | u1  | {"n": <second>} |
    And these records are in "labels":
      | key | value                      |
      | u1  | {"n": <one>, "label": "x"} |
      | u1  | {"n": <two>, "label": "x"} |
    Then within 100ms the records of "orders" are in "labels" in the same order per key, by "n"

    Examples:
      | verdict | first | second | one  | two  | says                                     |
      | RIGHT   | 1     | 2.50   | 1.0  | 2.5  |                                          |
      | RIGHT   | 1     | "1"    | 1    | "1"  |                                          |
      | WRONG   | 1     | "1"    | "1"  | 1    | , says "reordered"                       |
      | WRONG   | 1     | 2.50   | 25e-1 | 1   | , says "reordered"                       |
      | WRONG   | 1     | 2      | "1"  | "2"  | , says "no record of labels is one of"   |

  Scenario Outline: <verdict> one result by "n": <first>, <second> become <one>, <two><says>
    Given topic "orders" with 1 partition
    And topic "labels" with 1 partition
    And topic "rest" with 1 partition
    And these records are in "orders":
      | key | value          |
      | u1  | {"n": <first>}  |
      | u1  | {"n": <second>} |
    And these records are in "labels":
      | key | value        |
      | u1  | {"n": <one>} |
      | u1  | {"n": <two>} |
    Then within 100ms every record of "orders" has exactly one result in "labels" or "rest", by "n"

    Examples:
      | verdict | first | second | one   | two   | says                  |
      | RIGHT   | 1     | 2.50   | 25e-1 | 1.0   |                       |
      | RIGHT   | 1     | "1"    | "1"   | 1     |                       |
      | WRONG   | 1     | "1"    | 1     | 1     | , says "orders"       |
      | WRONG   | 1     | 2      | 1     | "2"   | , says "orders"       |
      | WRONG   | 1     | 2      | 1     | 1.0   | , says "orders"       |

  Scenario Outline: <verdict> numbered <third><says>
    Given topic "orders" with 1 partition
    And these records are in "orders":
      | key | value           |
      | u1  | {"n": 1}        |
      | u1  | {"n": 2e0}      |
      | u1  | {"n": <third>}  |
    Then within 100ms field "n" of "orders" runs from 1 to 3, each exactly once

    Examples:
      | verdict | third | says                     |
      | RIGHT   | 3.0   |                          |
      | WRONG   | "3"   | , says "want an integer" |
      | WRONG   | 3.5   | , says "want an integer" |
      | WRONG   | 2.0   | , says "orders"          |
