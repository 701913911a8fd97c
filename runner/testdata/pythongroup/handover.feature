Feature: Members of a group in Python
  What they own, give up and commit is seen on the wire; only what they processed is known by their log lines.

  Background:
    Given topic "orders" with 6 partitions
    And 3_000 records from generator "orders" are in "orders"

  Scenario: Partitions are handed over where they are committed
    Given application "first" is the profile's "member" in group "shipping" reading "orders"
    And application "second" is the profile's "member" in group "shipping" reading "orders"
    When application "first" is started
    And "first" has processed at least 150 records
    And application "second" is started
    And within 60s "first" owns 3 partitions of "orders"
    And within 60s "second" has processed at least 150 records
    And application "second" is stopped
    And within 60s "first" has caught up with "orders"
    Then "second" left group "shipping"
    And no partition of "orders" had two owners in group "shipping"
    And no partition of "orders" was committed in group "shipping" by one that no longer owned it
    And every partition of "orders" that was given up in group "shipping" was committed before
    And each new owner in group "shipping" started where the group had committed on "orders"
    And only partitions of "orders" that moved were revoked in group "shipping"
    And every record of "orders" was processed in group "shipping" exactly once

  Scenario: One that forgets to commit
    Given application "forgetful" of the profile is in group "shipping" reading "orders"
    When "forgetful" has processed at least 150 records
    And application "forgetful" is stopped
    Then every partition of "orders" that was given up in group "shipping" was committed before
