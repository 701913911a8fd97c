Feature: Billing
  Each order has exactly one invoice, whatever happens to the program.

  Scenario: A crash at the end of a transaction loses and repeats nothing
    Given topic "orders" with 1 partition
    And topic "invoices" with 1 partition
    And application "billing" of the profile is in group "billing" reading "orders" writing "invoices"
    And 100 records are in "orders"
    And the next EndTxn request from "billing" is held
    When application "billing" is started
    And within 30s a request is held
    Then for 300ms group "billing" has committed nothing of "orders"
    When application "billing" is killed
    And application "billing" is restarted
    And within 30s "billing" has caught up with "orders"
    Then field "order" of "invoices" runs from 1 to 100, each exactly once
    And no transaction of "billing" is torn
    And the transactions of "billing" commit its offsets
