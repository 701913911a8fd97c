@any-cluster
Feature: Answers that come after the deadline
  A database, a service or an application that answers later than a step says may tell of what has come true since.

  Scenario Outline: <verdict> a query that takes longer than <within><says>
    Given the database has run "CREATE TABLE t (a INTEGER)"
    Then within <within> the query "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 300000) SELECT max(i) AS a FROM n" returns:
      | a      |
      | <want> |

    Examples:
      | verdict | within | want   | says                                  |
      | RIGHT   | 60s    | 300000 |                                       |
      | WRONG   | 5ms    | 300000 | , says "held, but the database answered after" |
      | WRONG   | 5ms    | 300001 | , says "the database answered after"  |
      | WRONG   | 3s     | 300001 | , says "not expected"               |

  Scenario Outline: <verdict> a service that answers after <after>, and is to within <within><says>
    Given an HTTP service "payments"
    And the HTTP service "payments" is slow by <after>
    Then within <within> the HTTP service "payments" answers GET "/payments/1" with status <status>

    Examples:
      | verdict | after | within | status | says                                                              |
      | RIGHT   | 200ms | 20s    | 200    |                                                                   |
      | WRONG   | 1s    | 300ms  | 200    | , says "held, but the HTTP service" |
      | WRONG   | 1s    | 300ms  | 201    | , says "answered after 1"           |

  Scenario: RIGHT a slow query without a deadline
    Given the database has run "CREATE TABLE t (a INTEGER)"
    Then the query "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 300000) SELECT max(i) AS a FROM n" returns:
      | a      |
      | 300000 |

  Scenario: RIGHT an empty table, asked in time
    Given the database has run "CREATE TABLE t (a INTEGER)"
    Then within 20s the table "t" has exactly 0 rows
