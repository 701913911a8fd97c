Feature: Billing
  Each order has an invoice, whenever it came and whatever happens to the program.

  Background:
    Given topic "orders" with 2 partitions
    And topic "invoices" with 2 partitions
    And application "billing" of the profile is in group "billing" reading "orders" writing "invoices"

  Scenario: An order has an invoice with its key
    Given these records are in "orders":
      | key | value                     |
      | u1  | {"id": 1, "amount": 100}  |
      | u2  | {"id": 2, "amount": 1000} |
    When "billing" has caught up with "orders"
    Then "invoices" contains exactly:
      | key | value.id | value.total |
      | u1  | 1        | 120         |
      | u2  | 2        | 1200        |

  Scenario: An order is not lost when the program dies before its invoice is written
    Given the next Produce request from "billing" to "invoices" is held
    When these records are sent to "orders":
      | key | value                    |
      | u1  | {"id": 1, "amount": 100} |
    And a request is held
    Then for 300ms group "billing" has committed nothing of "orders"
    When application "billing" is killed
    And application "billing" is restarted
    And "billing" has caught up with "orders"
    Then "invoices" contains:
      | key | value.id |
      | u1  | 1        |

  Scenario: Orders that come while the program is stopped are billed
    Given these records are in "orders":
      | key | value                    |
      | u1  | {"id": 1, "amount": 100} |
    When "billing" has caught up with "orders"
    And application "billing" is stopped
    And these records are sent to "orders":
      | key | value                    |
      | u1  | {"id": 2, "amount": 200} |
    And application "billing" is restarted
    And these records are sent to "orders":
      | key | value                    |
      | u1  | {"id": 3, "amount": 300} |
    Then field "id" of "invoices" runs from 1 to 3, each exactly once
