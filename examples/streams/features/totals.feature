Feature: Totals
  The orders of each user are counted and added up exactly once, wherever they lie and whatever happens to the program.

  Background:
    Given topic "orders" with 2 partitions
    And topic "totals" with 2 partitions

  Scenario: Orders of a user have one total, wherever they lie
    Given application "totals" of the profile is in group "totals" reading "orders" writing "totals"
    When these records are sent to "orders":
      | partition | key | value                                    |
      | 0         | 1   | {"order": 1, "user": "u1", "amount": 5}  |
      | 1         | 2   | {"order": 2, "user": "u2", "amount": 70} |
      | 1         | 3   | {"order": 3, "user": "u1", "amount": 5}  |
      | 0         | 4   | {"order": 4, "user": "u1", "amount": 5}  |
    Then within 30s "totals" contains exactly:
      | key | value.orders | value.amount |
      | u1  | 1            | 5            |
      | u1  | 2            | 10           |
      | u1  | 3            | 15           |
      | u2  | 1            | 70           |

  Scenario: Orders of a user come together before they are added up
    Given topic "by-user" is made by an application as "${group.totals}-by-user-repartition"
    And application "totals" of the profile is in group "totals" reading "orders" writing "totals"
    When these records are sent to "orders":
      | partition | key | value                                   |
      | 0         | 1   | {"order": 1, "user": "u1", "amount": 5} |
      | 1         | 2   | {"order": 2, "user": "u1", "amount": 7} |
    Then within 30s "by-user" contains exactly:
      | key | value.order |
      | u1  | 1           |
      | u1  | 2           |

  Scenario: Totals are right when a write to the repartition topic fails
    Given topic "by-user" is made by an application as "${group.totals}-by-user-repartition"
    And application "totals" of the profile is in group "totals" reading "orders" writing "totals"
    When the next 2 Produce requests to "by-user" are cut off after the broker acted
    And 50 records from generator "orders-of-one-user" are sent to "orders"
    Then within 30s field "orders" of "totals" runs from 1 to 50, each exactly once

  Scenario: A crash loses and repeats nothing
    Given application "totals" of the profile is in group "totals" reading "orders" writing "totals"
    When 50 records from generator "orders-of-one-user" are sent to "orders"
    Then within 30s field "orders" of "totals" runs from 1 to 50, each exactly once
    When application "totals" is killed
    And application "totals" is restarted
    And 50 records from generator "orders-of-one-user" are sent to "orders"
    Then within 30s field "orders" of "totals" runs from 1 to 100, each exactly once
    And no transaction of "totals" is torn
    And the transactions of "totals" commit its offsets

  Scenario: Another instance goes on from the changelog
    Given application "first" is the profile's "totals" in group "totals" reading "orders" writing "totals"
    And application "second" is the profile's "totals" in group "totals" reading "orders" writing "totals"
    When application "first" is started
    And 50 records from generator "orders-of-one-user" are sent to "orders"
    Then within 30s field "orders" of "totals" runs from 1 to 50, each exactly once
    When application "first" is stopped
    And application "second" is started
    And 50 records from generator "orders-of-one-user" are sent to "orders"
    Then within 30s field "orders" of "totals" runs from 1 to 100, each exactly once
