Feature: Worlds in which rows are not as claimed
  Of three records the first has two rows and the last none.

  Background:
    Given topic "orders" with 1 partition
    And the database has run "CREATE TABLE records (source_topic TEXT, source_partition INTEGER, source_offset INTEGER)"
    And the database has run "CREATE TABLE consumer_offsets (group_id TEXT, topic TEXT, partition INTEGER, next_offset INTEGER)"
    And application "writer" is the reference "talker" writing "orders"

  @wrong
  Scenario Outline: rows too many and too few
    Given 3 records are in "orders" partition 0
    And the database has run "INSERT INTO records VALUES ('orders', 0, 0), ('orders', 0, 0), ('orders', 0, 1)"
    And group "writers" commits offset 3 of "orders" partition 0
    Then within 300ms <claim>

    Examples:
      | claim                                                                            |
      | every record of "orders" has at least one row in table "records"                 |
      | every record of "orders" has at most one row in table "records"                  |
      | every record of "orders" has exactly one row in table "records"                  |
      | the rows in table "records" and the offsets of group "writers" agree on "orders" |
      | the table "records" has 2 rows                                                   |
      | the table "records" has at least 4 rows                                          |
      | the table "records" has at most 2 rows                                           |
      | the verdict on "orders" in table "records" is "lost"                             |
      | the verdict on "orders" in table "records" is "repeated"                         |
      | the verdict on "orders" in table "records" is "neither lost nor repeated"        |

  @wrong
  Scenario Outline: a row of <what>
    Given 3 records are in "orders" partition 0
    And topic "payments" with 1 partition
    And the database has run "INSERT INTO records VALUES ('orders', 0, 0), ('orders', 0, 1), ('orders', 0, 2)"
    And the database has run "INSERT INTO records VALUES (<row>)"
    Then within 300ms <claim> in table "records"

    Examples:
      | what                          | row               | claim                                         |
      | a topic that is not there     | 'ordres', 0, 0    | every record of "orders" has at least one row |
      | a topic that is not there     | 'ordres', 0, 0    | every record of "orders" has exactly one row  |
      | a topic that is not there     | 'ordres', 0, 0    | every record of "orders" has at most one row  |
      | another topic, which is empty | 'payments', 0, 0  | every record of "orders" has exactly one row  |
      | no topic                      | NULL, 0, 0        | every record of "orders" has exactly one row  |
      | no offset                     | 'orders', 0, NULL | every record of "orders" has exactly one row  |
      | another partition             | 'orders', 7, 0    | every record of "orders" has exactly one row  |

  @wrong
  Scenario Outline: <got> is not <want>
    Given the database has run "CREATE TABLE texts (a TEXT, b TEXT, n INTEGER)"
    And the database has run "INSERT INTO texts VALUES (<got>)"
    Then within 300ms the table "texts" contains exactly:
      | a   | b   | n   |
      | <a> | <b> | <n> |

    Examples:
      | got                        | want            | a      | b      | n                |
      | 'null', 'x', 1             | NULL            | null   | x      | 1                |
      | NULL, 'x', 1               | the text null   | "null" | x      | 1                |
      | 'a \| b', 'c', 1           | parted elsewise | a      | b \| c | 1                |
      | '', 'x', 1                 | NULL            | null   | x      | 1                |
      | '5.0', 'x', 1              | another text    | 5      | x      | 1                |
      | 'a', 'x', 9007199254740993 | a neighbour     | a      | x      | 9007199254740992 |

  @wrong
  Scenario: a row of another offset
    Given the database has run "INSERT INTO records VALUES ('orders', 0, 7)"
    Then within 300ms the table "records" contains exactly:
      | source_offset |
      | 8             |

  @wrong
  Scenario Outline: a query that finds <what>
    Given 3 records are in "orders" partition 0
    And the database has run "INSERT INTO records VALUES ('orders', 0, 0), ('orders', 0, 1)"
    Then within 300ms the query "SELECT <columns> FROM records" returns:
      | n   | topic   |
      | <n> | <topic> |

    Examples:
      | what                  | columns                                       | n    | topic    |
      | another number        | count(*) AS n, 'a' AS topic                   | 3    | a        |
      | another text          | count(*) AS n, max(source_topic) AS topic     | 2    | ordres   |
      | NULL                  | NULL AS n, 'a' AS topic                       | "null" | a      |
      | the text null         | 'null' AS n, 'a' AS topic                     | null | a        |
      | a row more            | 2 AS n, 'a' AS topic                          | 2    | a        |
      | another column        | count(*) AS m, 'a' AS topic                   | 2    | a        |

  @wrong
  Scenario: a query that is answered after the deadline
    Then within 1ms the query "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 300000) SELECT max(i) AS n FROM n" returns:
      | n      |
      | 300000 |

  @empty
  Scenario: a query finds no row like it
    Then within 300ms the query "SELECT source_offset AS n FROM records" returns:
      | n |
      | 8 |

  @empty
  Scenario: a query of a table that is not there
    Then within 300ms the query "SELECT 1 AS n FROM nothing" returns:
      | n |

  @holds
  Scenario: a query finds no row, and none is wanted
    Then the query "SELECT source_offset AS n FROM records" returns:
      | n |

  @empty
  Scenario Outline: no record and no row
    When group "writers" commits offset 0 of "orders" partition 0
    Then within 300ms <claim>

    Examples:
      | claim                                                                            |
      | every record of "orders" has at least one row in table "records"                 |
      | every record of "orders" has at most one row in table "records"                  |
      | every record of "orders" has exactly one row in table "records"                  |
      | the rows in table "records" and the offsets of group "writers" agree on "orders" |
      | the table "records" has 1 row                                                    |
      | the table "records" has at least 1 row                                           |
      | the verdict on "orders" in table "records" is "lost"                             |
      | the verdict on "orders" in table "records" is "repeated"                         |
      | the verdict on "orders" in table "records" is "neither lost nor repeated"        |

  @empty
  Scenario: records of which none has a row
    Given 3 records are in "orders" partition 0
    Then within 300ms every record of "orders" has at most one row in table "records"

  @empty
  Scenario: no row like it
    Then within 300ms the table "records" contains exactly:
      | source_offset |
      | 8             |

  @holds
  Scenario: an empty table has at most one row
    Then the table "records" has at most 1 row
