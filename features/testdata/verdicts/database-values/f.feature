Feature: Values, queries and transactions of databases
  Scenario: RIGHT JSON, bytes and names by what they hold
    Given the database has run "CREATE TABLE notes (doc JSON, raw BLOB, id UUID)"
    And the database has run "INSERT INTO notes VALUES ('{\"b\": 2, \"a\": 1.0}', x'00FF', '00ab')"
    Then the table "notes" contains exactly:
      | doc           | raw    | id   |
      | {"a":1,"b":2} | \\x00ff | 00AB |

  Scenario: WRONG other JSON: says "not expected"
    Given the database has run "CREATE TABLE notes (doc JSON)"
    And the database has run "INSERT INTO notes VALUES ('{\"a\": 1}')"
    Then within 1s the table "notes" contains exactly:
      | doc     |
      | {"a":2} |

  Scenario Outline: RIGHT a query that begins with <what>
    Then the query "<query>" returns:
      | n |
      | 1 |

    Examples:
      | what          | query                   |
      | a comment     | /* one */ SELECT 1 AS n |
      | a line        | -- one\nSELECT\n1 AS n  |
      | no space      | SELECT(1)AS n           |
      | a parenthesis | SELECT (SELECT 1) AS n  |

  Scenario: WRONG a query without an end: says "it finds more than 100000 rows"
    Then the query "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n FROM r) SELECT n FROM r" returns:
      | n |
      | 1 |

  Scenario: RIGHT a transaction of several steps
    Given the database has run "CREATE TABLE notes (id INTEGER)"
    And the database has run "BEGIN"
    And the database has run "INSERT INTO notes VALUES (1)"
    And the database has run "COMMIT"
    Then the table "notes" has exactly 1 row

  Scenario: WRONG a transaction that is not committed: says "got 0 rows, want exactly 1"
    Given the database has run "CREATE TABLE notes (id INTEGER)"
    And the database has run "BEGIN"
    And the database has run "INSERT INTO notes VALUES (1)"
    Then within 1s the table "notes" has exactly 1 row

  Scenario: RIGHT places in columns of both cases
    Given topic "orders" with 1 partition
    And the database has run "CREATE TABLE effects (\"Source_Topic\" TEXT, \"SOURCE_PARTITION\" INTEGER, source_offset INTEGER)"
    When the record "a" is sent to "orders"
    Then within 1s the verdict on "orders" in table "effects" is "lost"
