Feature: Transactions of a consumer that cannot be ended
  A round counts once its transaction is committed, and never in part.

  Background:
    Given topic "orders" with 1 partition
    And topic "orders_dlq" with 1 partition
    And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
      | transactional | true |
    And 10 records are in "orders"
    And the record "not json" is in "orders"

  Scenario: A consumer whose id another one has taken ends, and says nothing of its round was done
    Given the next EndTxn request from "shipping" fails with PRODUCER_FENCED
    When application "shipping" is started
    Then application "shipping" fails with "end transaction"
    And "shipping" said "msg=committed" exactly 0 times

  Scenario: A consumer that is stopped while the coordinator is away stops in time, and the round is done again
    Given every EndTxn request from "shipping" fails with COORDINATOR_LOAD_IN_PROGRESS
    And the next EndTxn request from "shipping" is held
    When application "shipping" is started
    And a request is held
    And the held requests are released
    And application "shipping" is stopped
    And all faults are lifted
    And application "shipping" is restarted
    And "shipping" has caught up with "orders"
    Then every record of "orders" was either processed by "shipping" or is in "orders_dlq", exactly once
