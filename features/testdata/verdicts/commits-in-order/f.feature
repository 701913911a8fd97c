Feature: Commits judged in the order of the wire
  A record that is skipped, finished late or committed before its work is found however soon a later commit heals it.

  Background:
    Given topic "orders" with 1 partition
    And topic "dlq" with 1 partition

  Scenario Outline: <v> HOW=<how>: <judge>
    Given application "app" is the command "env HOW=<how> python3 commits-in-order/app.py" in group "g" reading "orders"
    And 5 records are in "orders" partition 0
    When application "app" is started
    And within 20s "app" has processed at least <n> records
    And application "app" is stopped
    Then within 2s <judge>
    Examples:
      | v | how | n | judge |
      | RIGHT | fine | 5 | "app" committed no offset of "orders" ahead of its work, with dead letters in "dlq" |
      | WRONG | skip | 4 | "app" committed no offset of "orders" ahead of its work, with dead letters in "dlq" |
      | WRONG | late | 5 | "app" committed no offset of "orders" ahead of its work, with dead letters in "dlq" |
      | WRONG | early | 5 | "app" committed no offset of "orders" ahead of its work, with dead letters in "dlq" |
      | WRONG | past | 5 | "app" committed no offset of "orders" ahead of its work, with dead letters in "dlq" |
      | WRONG | past | 5 | group "g" has no lag on "orders" |
      | WRONG | skip | 4 | every record of "orders" was processed in group "g" exactly once |
      | WRONG | skip | 4 | every partition of "orders" that was given up in group "g" was committed before |
      | WRONG | skip | 4 | every record of "orders" was processed by "app" or is in "dlq", at least once |
      | WRONG | skip | 4 | every record of "orders" was processed in group "g", twice only if it was not committed at a crash |

  Scenario: WRONG skip, looked at while it stands, and healed by nothing
    Given application "app" is the command "env HOW=skip python3 commits-in-order/app.py" in group "g" reading "orders"
    And 5 records are in "orders" partition 0
    When within 20s "app" has caught up with "orders"
    Then within 1s "app" committed no offset of "orders" ahead of its work, with dead letters in "dlq"

  Scenario: WRONG a step commits past what the application has not read
    Given application "app" is the command "env HOW=fine python3 commits-in-order/app.py" in group "g" reading "orders"
    And 5 records are in "orders" partition 0
    And group "g" commits offset 3 of "orders" partition 0
    When within 20s "app" has caught up with "orders"
    Then within 2s every record of "orders" was processed in group "g" exactly once

  Scenario: RIGHT a step's own commit is not the application's
    Given application "app" is the command "env HOW=fine python3 commits-in-order/app.py" in group "g" reading "orders"
    And 5 records are in "orders" partition 0
    And group "g" commits offset 3 of "orders" partition 0
    When within 20s "app" has caught up with "orders"
    Then within 2s "app" committed no offset of "orders" ahead of its work, with dead letters in "dlq"

  Scenario: WRONG a step's own commit hides no skip
    Given application "app" is the command "env HOW=early python3 commits-in-order/app.py" in group "g" reading "orders"
    And 5 records are in "orders" partition 0
    And group "g" commits offset 3 of "orders" partition 0
    When within 20s "app" has caught up with "orders"
    Then within 2s "app" committed no offset of "orders" ahead of its work, with dead letters in "dlq"

  Scenario: WRONG says "past the end": a step commits past the end
    Given 5 records are in "orders" partition 0
    And group "g" commits offset 100 of "orders" partition 0
    Then within 1s group "g" has no lag on "orders"
