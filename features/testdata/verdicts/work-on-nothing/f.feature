Feature: Work on what is no record
  An offset behind the end of the log, one of a partition that there is not, one between records, an aborted record.

  Background:
    Given topic "orders" with 1 partition
    And topic "orders_dlq" with 1 partition
    And these records are in "orders":
      | key | value |
      | a   | 1     |
      | a   | 2     |
      | a   | 3     |

  Scenario Outline: <verdict> says that it processed <where>, <judge>
    Given application "app" is the command "env SAYS=<says> python3 work-on-nothing/app.py" in group "g" reading "orders"
    When within 20s "app" has caught up with "orders"
    Then within 1s <judge>

    Examples:
      | verdict | where                 | says | judge                                                                         |
      | RIGHT   | nothing else          |      | "app" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq" |
      | RIGHT   | nothing else          |      | the records of "orders" were processed in group "g" in order per key          |
      | WRONG   | behind the end        | 0-9  | "app" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq" |
      | WRONG   | behind the end        | 0-9  | the records of "orders" were processed in group "g" in order per key          |
      | WRONG   | behind the end        | 0-9  | the records of "orders" were processed in group "g" in order per key, with repeats |
      | WRONG   | at the end            | 0-3  | "app" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq" |
      | WRONG   | on partition 4        | 4-0  | "app" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq" |
      | WRONG   | on partition 4        | 4-0  | the records of "orders" were processed in group "g" in order per key          |

  Scenario Outline: <verdict> reads <level> what a transaction <ended>, <judge>
    Given a transaction with 3 records in "orders" partition 0 is open
    And the open transaction is <ended>
    And application "app" is the command "env LEVEL=<level> python3 work-on-nothing/app.py" in group "g" reading "orders"
    When within 20s "app" has caught up with "orders"
    Then within 1s <judge>

    Examples:
      | verdict | level            | ended     | judge                                                                              |
      | RIGHT   | read_committed   | aborted   | the records of "orders" were processed in group "g" in order per key               |
      | RIGHT   | read_committed   | aborted   | "app" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq" |
      | RIGHT   | read_committed   | committed | "app" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq" |
      | WRONG   | read_uncommitted | aborted   | the records of "orders" were processed in group "g" in order per key               |
      | WRONG   | read_uncommitted | aborted   | "app" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq" |

  Scenario Outline: RIGHT work goes on while it is looked at, <judge>
    Given application "app" is the command "python3 work-on-nothing/app.py" in group "g" reading "orders"
    And application "load" is the command "python3 work-on-nothing/load.py" writing "orders"
    When within 20s "app" has processed at least 20 records
    Then <judge>
    And application "load" is running

    Examples:
      | judge                                                                                      |
      | "app" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq" |
      | the records of "orders" were processed in group "g" in order per key                       |
