Feature: A program that reads a topic in more than one way
  Which of its groups a line is of is known where the line names one. Where it does not, nothing is said of the group:
  neither that a right program is wrong, nor that a wrong one is right.

  Background:
    Given topic "orders" with 2 partitions
    And topic "dlq" with 1 partition
    And these records are in "orders":
      | partition | key | value |
      | 0         | k0  | a     |
      | 0         | k0  | b     |
      | 0         | k0  | c     |
      | 0         | k0  | d     |
      | 0         | k0  | e     |
      | 1         | k1  | a     |
      | 1         | k1  | b     |
      | 1         | k1  | c     |
      | 1         | k1  | d     |
      | 1         | k1  | e     |

  Scenario Outline: <v> <how>: <judge>, says "<says>"
    Given application "app" is the command "env HOW=<how> python3 two-ways/app.py" in group "g" reading "orders"
    When application "app" is started
    And within 20s "app" has processed at least <n> records
    And within 20s "app" has caught up with "orders"
    And application "app" is stopped
    Then within 2s <judge>
    Examples:
      | v | how | n | says | judge |
      | WRONG | both | 20 | two applications of the scenario | every record of "orders" was processed in group "g" exactly once |
      | WRONG | both | 20 | two applications of the scenario | every record of "orders" was processed in group "g", twice only if it was not committed at a crash |
      | WRONG | both | 20 | two applications of the scenario | the records of "orders" were processed in group "g" in order per key |
      | WRONG | both | 20 | two applications of the scenario | "app" committed no offset of "orders" ahead of its work |
      | WRONG | both | 20 | two applications of the scenario | every partition of "orders" that was given up in group "g" was committed before |
      | WRONG | both | 20 | two applications of the scenario | every record of "orders" was either processed by "app" or is in "dlq", exactly once |
      | WRONG | both | 20 | two applications of the scenario | "app" read "orders" without skipping records or going back |
      | WRONG | assign | 20 | by a consumer that is no member | every record of "orders" was processed in group "g" exactly once |
      | WRONG | assign | 20 | by a consumer that is no member | every record of "orders" was processed in group "g", twice only if it was not committed at a crash |
      | WRONG | assign | 20 | by a consumer that is no member | the records of "orders" were processed in group "g" in order per key |
      | WRONG | assign | 20 | by a consumer that is no member | "app" committed no offset of "orders" ahead of its work |
      | WRONG | assign | 20 | by a consumer that is no member | every partition of "orders" that was given up in group "g" was committed before |
      | WRONG | assign | 20 | by a consumer that is no member | every record of "orders" was either processed by "app" or is in "dlq", exactly once |
      | WRONG | assign | 20 | by a consumer that is no member | "app" read "orders" without skipping records or going back |
      | RIGHT | named | 10 |  | every record of "orders" was processed in group "g" exactly once |
      | RIGHT | named | 10 |  | every record of "orders" was processed in group "g", twice only if it was not committed at a crash |
      | RIGHT | named | 10 |  | the records of "orders" were processed in group "g" in order per key |
      | RIGHT | named | 10 |  | "app" committed no offset of "orders" ahead of its work |
      | RIGHT | named | 10 |  | every record of "orders" was either processed by "app" or is in "dlq", exactly once |
      | RIGHT | named-assign | 10 |  | every record of "orders" was processed in group "g" exactly once |
      | RIGHT | named-assign | 10 |  | every record of "orders" was processed in group "g", twice only if it was not committed at a crash |
      | RIGHT | named-assign | 10 |  | the records of "orders" were processed in group "g" in order per key |
      | RIGHT | named-assign | 10 |  | "app" committed no offset of "orders" ahead of its work |
      | RIGHT | named-assign | 10 |  | every record of "orders" was either processed by "app" or is in "dlq", exactly once |
      | WRONG | named-skips | 8 |  | every record of "orders" was processed in group "g" exactly once |
      | WRONG | named-skips | 8 |  | "app" committed no offset of "orders" ahead of its work |
      | WRONG | named-twice | 20 |  | every record of "orders" was processed in group "g" exactly once |
      | WRONG | named-twice | 20 |  | the records of "orders" were processed in group "g" in order per key |
      | RIGHT | named-twice | 20 |  | "app" committed no offset of "orders" ahead of its work |
      | RIGHT | assign-first | 20 |  | every record of "orders" was processed in group "g" exactly once |
      | RIGHT | assign-first | 20 |  | the records of "orders" were processed in group "g" in order per key |
      | RIGHT | assign-first | 20 |  | "app" committed no offset of "orders" ahead of its work |
      | WRONG | both-skips | 18 | two applications of the scenario | every record of "orders" was processed by "app" or is in "dlq", at least once |
      | WRONG | assign-skips | 18 | by a consumer that is no member | every record of "orders" was processed by "app" or is in "dlq", at least once |
      | WRONG | named-skips | 8 | neither processed nor dead-lettered | every record of "orders" was processed by "app" or is in "dlq", at least once |
      | RIGHT | named | 10 |  | every record of "orders" was processed by "app" or is in "dlq", at least once |
      | RIGHT | named-twice | 20 |  | every record of "orders" was processed by "app" or is in "dlq", at least once |
      | WRONG | both | 20 | two applications of the scenario | "app" processed exactly 20 records |
      | WRONG | both-skips | 18 | two applications of the scenario | "app" processed at least 10 records |
      | WRONG | named-skips | 8 | got 8 processed records, want exactly 10 | "app" processed exactly 10 records |
      | WRONG | named-skips | 8 | got 8 processed records, want at least 10 | "app" processed at least 10 records |
      | RIGHT | named | 10 |  | "app" processed exactly 10 records |
      | RIGHT | named-assign | 10 |  | "app" processed at most 10 records |
      | RIGHT | both | 20 |  | "app" processed at most 20 records |
