Feature: Names of tables and columns that mean something else in SQL
  Each name is that of a table or a column, or of nothing.

  Background:
    Given topic "orders" with 1 partition

  Scenario: WRONG no table is called user: says "there is no such table; the scenario's database has none"
    When the record "a" is sent to "orders"
    Then within 1s the table "user" has 1 row

  Scenario: WRONG no column is called current_user: says "has no column"
    Given the database has run "CREATE TABLE person (\"order\" TEXT)"
    And the database has run "INSERT INTO person VALUES ('a')"
    When the record "a" is sent to "orders"
    Then within 1s the table "person" contains exactly:
      | current_user |
      | kafkaspec    |

  Scenario: WRONG a name in quotes is no text: says "has no column"
    Given the database has run "CREATE TABLE person (id TEXT)"
    And the database has run "INSERT INTO person VALUES ('a')"
    When the record "a" is sent to "orders"
    Then within 1s the table "person" contains exactly:
      | name |
      | name |

  Scenario: RIGHT reserved words, and letters of both cases
    Given the database has run "CREATE TABLE \"user\" (\"order\" TEXT, \"userName\" TEXT)"
    And the database has run "INSERT INTO \"user\" VALUES ('a', 'b')"
    When the record "a" is sent to "orders"
    Then the table "user" has 1 row
    And the table "user" contains exactly:
      | order | userName |
      | a     | b        |
    And the table "USER" contains exactly:
      | ORDER | username |
      | a     | b        |
