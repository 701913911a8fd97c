@any-cluster
Feature: joins and windows in the shapes that programs in Python give them

  Scenario Outline: <verdict> a joiner, <how>
    Given topic "users" with 2 partitions
    And topic "payments" with 2 partitions
    And topic "enriched" with 1 partition
    And topic "unmatched" with 1 partition
    And application "joiner" is the command "env 'HOW=<how>' python3 shapes/joiner.py" reading "users" and "payments" writing "enriched" and "unmatched"
    And 200 records from generator "users" are in "users"
    And 600 records from generator "payments" are in "payments"
    When application "joiner" is started
    And within 30s application "joiner" has finished
    Then within 300ms "enriched" holds the join of "payments" with "users":
      | by       | payment_id |
      | field    | user       |
      | no-match | unmatched  |
      | adds     | joined_by  |

    Examples:
      | verdict | how        |
      | RIGHT   | right      |
      | WRONG   | newest     |
      | WRONG   | rounds     |
      | WRONG   | texts      |
      | WRONG   | off by one |
      | WRONG   | a cent     |
      | WRONG   | null       |
      | WRONG   | keys       |
      | WRONG   | invents    |

  Scenario Outline: <verdict> a windower, <how>
    Given topic "readings" with 2 partitions
    And topic "counts" with 1 partition
    And application "windower" is the command "env 'HOW=<how>' python3 shapes/windower.py" reading "readings" writing "counts"
    And the records of "counts" are written as:
      | key         | {key}@{start} |
      | value.n     | {count}       |
      | value.total | {sum}         |
      | value.to    | {end in s}    |
    And 2_000 records from generator "readings" are in "readings"
    When application "windower" is started
    And within 30s application "windower" has finished
    Then within 300ms "counts" holds exactly the windows of "readings" of 5m with grace 1m
      | late        | dropped       |
      | stream-time | per partition |

    Examples:
      | verdict | how         |
      | RIGHT   | right       |
      | WRONG   | global      |
      | WRONG   | offset      |
      | WRONG   | counts late |
      | WRONG   | no grace    |
      | WRONG   | flushes     |
