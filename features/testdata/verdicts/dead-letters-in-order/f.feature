Feature: Dead letters judged in the order of the wire
  A record that is set aside may be committed once its dead letter is safe, or together with it.

  Scenario Outline: <v> HOW=<how>: <judge>
    Given topic "orders" with 1 partition
    And topic "dlq" with 1 partition
    And application "app" is the command "env HOW=<how> python3 dead-letters-in-order/app.py" in group "g" reading "orders" writing "dlq"
    And 2 records are in "orders" partition 0
    When within 20s "app" has caught up with "orders"
    Then "dlq" contains exactly 2 records
    And <judge>

    Examples:
      | v     | how      | judge                                                                               |
      | RIGHT | fine     | "app" committed no offset of "orders" before the dead letter was acknowledged       |
      | RIGHT | together | "app" committed no offset of "orders" before the dead letter was acknowledged       |
      | WRONG | early    | "app" committed no offset of "orders" before the dead letter was acknowledged       |
      | WRONG | apart    | "app" committed no offset of "orders" before the dead letter was acknowledged       |
      | RIGHT | fine     | "app" committed no offset of "orders" ahead of its work, with dead letters in "dlq" |
      | RIGHT | together | "app" committed no offset of "orders" ahead of its work, with dead letters in "dlq" |
      | WRONG | early    | "app" committed no offset of "orders" ahead of its work, with dead letters in "dlq" |
      | WRONG | apart    | "app" committed no offset of "orders" ahead of its work, with dead letters in "dlq" |

  Scenario: RIGHT that the judge alone speaks of dead letters
    Given topic "orders" with 1 partition
    And topic "dlq" with 1 partition
    And application "app" is the command "env HOW=fine python3 dead-letters-in-order/app.py" in group "g" reading "orders" writing "dlq"
    And 2 records are in "orders" partition 0
    When within 20s "app" has caught up with "orders"
    Then "app" committed no offset of "orders" before the dead letter was acknowledged
