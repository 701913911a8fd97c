Feature: Rows of which one thing fits several

  Scenario Outline: <verdict> requests with <bodies>
    Given an HTTP service "payments"
    When the HTTP service "payments" is asked POST "/payments"
      | body | {"amount":5} |
    And the HTTP service "payments" is asked POST "/payments"
      | body | {"amount":<amount>} |
    Then within 300ms the HTTP service "payments" was asked:
      | method | body.amount |
      | POST   | > 4         |
      | POST   | 5           |

    Examples:
      | verdict | bodies  | amount |
      | RIGHT   | 5 and 6 | 6      |
      | RIGHT   | 5 and 5 | 5      |
      | WRONG   | 5 and 4 | 4      |

  Scenario Outline: <verdict> a column <type> with <in> is <want><says>
    Given the database has run "CREATE TABLE t (a <type>, b <type>)"
    And the database has run "INSERT INTO t (a) VALUES (<in>)"
    Then within 1s the query "SELECT <column> FROM t" returns:
      | a      |
      | <want> |

    Examples:
      | verdict | type      | in                    | want                    | column | says |
      | RIGHT   | DATE      | '2026-01-05'          | 2026-01-05              | a      |      |
      | WRONG   | DATE      | '2026-01-05'          | 2026-01-06              | a      |      |
      | RIGHT   | TIMESTAMP | '2026-01-05 10:00:00' | 2026-01-05 10:00:00     | a      |      |
      | RIGHT   | TIMESTAMP | '2026-01-05 10:00:00' | 2026-01-05T11:00:00+01:00 | a    |      |
      | WRONG   | TIMESTAMP | '2026-01-05 10:00:00' | 2026-01-05 10:00:01     | a      |      |
      | WRONG   | TEXT      | '2026-01-05'          | 2026-01-05 00:00:00     | a      |      |
      | WRONG   | INTEGER   | 1                     | 1                       | a, b AS a | , says "two columns" |

  Scenario: RIGHT a text and a number in one column
    Given the database has run "CREATE TABLE t (a NUMERIC)"
    And the database has run "CREATE TABLE u (a TEXT)"
    And the database has run "INSERT INTO t VALUES (5)"
    And the database has run "INSERT INTO u VALUES ('5')"
    Then the query "SELECT a FROM u UNION ALL SELECT a FROM t" returns:
      | a   |
      | 5   |
      | "5" |

  Scenario: WRONG a first command that ended badly, says "no step speaks of its end"
    When the command "sh -c 'exit 1'" is run
    And the command "sh -c 'exit 3'" is run
    Then the command has ended with 3

  Scenario: WRONG a last command that ended badly, says "no step speaks of its end"
    When the command "sh -c 'exit 3'" is run
    Then the command has ended with 3
    When the command "sh -c 'exit 1'" is run

  Scenario: RIGHT two commands that ended badly
    When the command "sh -c 'exit 3'" is run
    Then the command has ended with 3
    When the command "sh -c 'echo b; exit 1'" is run
    Then its output contains "b"
    And the command has ended with 1
