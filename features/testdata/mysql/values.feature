Feature: Values of MySQL's columns
  Background:
    Given the database has run "CREATE TABLE notes (id INT PRIMARY KEY, price DECIMAL(10,2), half FLOAT, whole DOUBLE, big BIGINT UNSIGNED, paid BOOLEAN, sent BIT(1), at TIMESTAMP(6) NULL, due DATETIME(6), day DATE, raw BLOB, hash VARBINARY(10), code CHAR(10), name VARCHAR(20) CHARACTER SET utf8mb4, state ENUM('new', 'paid'))"
    And the database has run "INSERT INTO notes VALUES (1, 5.10, 0.1, 1e20, 18446744073709551615, TRUE, b'1', '2026-01-05 10:00:00.123456', '2026-01-05 10:00:00.5', '2026-01-05', x'00FF', x'05', 'ab', '😀 ö', 'paid'); INSERT INTO notes (id, name) VALUES (2, 'null')"

  Scenario: RIGHT numbers by value
    Then the table "notes" contains exactly:
      | id | price | half | whole                 | big                  | paid | sent |
      | 1  | 5.1   | 0.10 | 100000000000000000000 | 18446744073709551615 | 1    | 1    |
      | 2  | null  | null | null                  | null                 | null | null |

  Scenario Outline: RIGHT times by value: <at>
    Then the query "SELECT at, due, day FROM notes WHERE id = 1" returns:
      | at   | due   | day        |
      | <at> | <due> | 2026-01-05 |

    Examples:
      | at                          | due                        |
      | 2026-01-05T10:00:00.123456Z | 2026-01-05 10:00:00.500000 |
      | 2026-01-05 10:00:00.123456  | 2026-01-05T10:00:00.5Z     |

  Scenario: RIGHT bytes and texts
    Then the table "notes" contains exactly:
      | id | raw     | hash | code | name   | state |
      | 1  | \\x00FF | \\x05 | ab   | 😀 ö   | paid  |
      | 2  | null    | null | null | "null" | null  |

  Scenario: RIGHT JSON of a table by what it holds
    Given the database has run "CREATE TABLE docs (doc JSON, text TEXT); INSERT INTO docs VALUES ('{\"b\": 2, \"a\": 1.0}', '{\"a\": 1}')"
    Then the table "docs" contains exactly:
      | text     | doc           |
      | {"a": 1} | {"a":1,"b":2} |

  Scenario: WRONG JSON in a text: says "not expected"
    Given the database has run "CREATE TABLE docs (doc JSON, text TEXT); INSERT INTO docs VALUES ('{\"a\": 1}', '{\"a\": 1}')"
    Then within 100ms the table "docs" contains exactly:
      | doc     | text    |
      | {"a":1} | {"a":1} |

  Scenario: WRONG other JSON: says "not expected"
    Given the database has run "CREATE TABLE docs (doc JSON); INSERT INTO docs VALUES ('{\"a\": 1}')"
    Then within 100ms the table "docs" contains exactly:
      | doc     |
      | {"a":2} |

  Scenario Outline: WRONG <column> is not <value>: says "not expected: | <shown> |"
    Then within 100ms the query "SELECT <column> FROM notes WHERE id = <id>" returns:
      | <column> |
      | <value>  |

    Examples:
      | column | id | value                    | shown                       |
      | price  | 1  | 5.11                     | 5.10                        |
      | big    | 1  | 18446744073709551614     | 18446744073709551615        |
      | sent   | 1  | 0                        | 1                           |
      | at     | 1  | 2026-01-05T10:00:00.123Z | 2026-01-05T10:00:00.123456Z |
      | hash   | 1  | 5                        | \\x05                       |
      | name   | 1  | 😀 o                     | 😀 ö                        |
      | name   | 2  | null                     | "null"                      |
      | state  | 2  | "null"                   | null                        |

  Scenario: WRONG a query with a second statement: says "near 'DELETE FROM notes'"
    Then within 100ms the query "SELECT 1 AS n; DELETE FROM notes" returns:
      | n |
      | 1 |

  Scenario: WRONG a query without an end: says "it finds more than 100000 rows"
    Then the query "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n FROM r) SELECT n FROM r" returns:
      | n |
      | 1 |

  Scenario: RIGHT a query of many rounds
    Then the query "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5000) SELECT max(n) AS n FROM r" returns:
      | n    |
      | 5000 |

  Scenario: WRONG a text in double quotes: says "Unknown column"
    Given the database has run "INSERT INTO notes (id, name) VALUES (3, \"c\")"
    Then the table "notes" has exactly 3 rows

  Scenario: RIGHT a transaction of several steps
    Given the database has run "BEGIN; INSERT INTO notes (id) VALUES (3)"
    And the database has run "ROLLBACK"
    And the database has run "INSERT INTO notes (id) VALUES (4)"
    Then the query "SELECT id FROM notes WHERE id > 2" returns:
      | id |
      | 4  |

  Scenario: WRONG a transaction that is not committed: says "got 2 rows, want exactly 3"
    Given the database has run "BEGIN; INSERT INTO notes (id) VALUES (3)"
    Then within 100ms the table "notes" has exactly 3 rows

  Scenario: RIGHT names that are words of SQL
    Given the database has run "CREATE TABLE \"order\" (\"key\" TEXT, \"Partition\" INT)"
    And the database has run "INSERT INTO \"order\" VALUES ('a', 1)"
    Then the table "order" contains exactly:
      | key | partition |
      | a   | 1         |
