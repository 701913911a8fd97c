Feature: Avro, each writer by each reader
  A reader takes from each record what its own version knows, and fills in its defaults. A record that lacks a field it
  cannot do without is set aside whole.

  Background:
    Given topic "users" with 2 partitions
    And topic "users_dlq" with 1 partition
    And the compatibility of "users" is NONE
    And schema "user-v1" is registered for "users"
    And schema "user-v2" is registered for "users"
    And schema "user-v3" is registered for "users"
    And schema "user-v4" is registered for "users"
    And schema "user-v5" is registered for "users"
    And schema "user-v6" is registered for "users"

  Scenario Outline: Avro version <writer>, read by version <reader>
    Given application "reader" is the reference "schema-consumer" in group "readers" reading "users"
      | reader-version | <reader> |
    When these records are sent to "users" encoded by schema "user-v<writer>":
      | key | value    |
      | u1  | <record> |
    Then "reader" read "users" as:
      | outcome   | value   |
      | <outcome> | <value> |
    And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

    Examples: the first version
      | writer | record              | reader | outcome                  | value                              |
      | 1      | {"id":"a","age":30} | 1      | read                     | {"id":"a","age":30}                |
      | 1      | {"id":"a","age":30} | 2      | read with default        | {"id":"a","age":30,"email":"none"} |
      | 1      | {"id":"a","age":30} | 3      | set aside with a warning |                                    |
      | 1      | {"id":"a","age":30} | 4      | set aside with a warning |                                    |
      | 1      | {"id":"a","age":30} | 5      | set aside with a warning |                                    |
      | 1      | {"id":"a","age":30} | 6      | set aside with a warning |                                    |

    Examples: email added, with a default
      | writer | record                                | reader | outcome                  | value                                 |
      | 2      | {"id":"a","age":30,"email":"a@a.org"} | 1      | read                     | {"id":"a","age":30}                   |
      | 2      | {"id":"a","age":30,"email":"a@a.org"} | 2      | read                     | {"id":"a","age":30,"email":"a@a.org"} |
      | 2      | {"id":"a","age":30,"email":"a@a.org"} | 3      | set aside with a warning |                                       |
      | 2      | {"id":"a","age":30,"email":"a@a.org"} | 4      | set aside with a warning |                                       |
      | 2      | {"id":"a","age":30,"email":"a@a.org"} | 5      | set aside with a warning |                                       |
      | 2      | {"id":"a","age":30,"email":"a@a.org"} | 6      | set aside with a warning |                                       |

    Examples: country added, without a default
      | writer | record                                               | reader | outcome | value                                                |
      | 3      | {"id":"a","age":30,"email":"a@a.org","country":"NO"} | 1      | read    | {"id":"a","age":30}                                  |
      | 3      | {"id":"a","age":30,"email":"a@a.org","country":"NO"} | 2      | read    | {"id":"a","age":30,"email":"a@a.org"}                |
      | 3      | {"id":"a","age":30,"email":"a@a.org","country":"NO"} | 3      | read    | {"id":"a","age":30,"email":"a@a.org","country":"NO"} |
      | 3      | {"id":"a","age":30,"email":"a@a.org","country":"NO"} | 4      | read    | {"id":"a","age":30,"country":"NO"}                   |
      | 3      | {"id":"a","age":30,"email":"a@a.org","country":"NO"} | 5      | read    | {"id":"a","age":30,"country":"NO"}                   |
      | 3      | {"id":"a","age":30,"email":"a@a.org","country":"NO"} | 6      | read    | {"user_id":"a","age":30,"country":"NO"}              |

    Examples: email removed
      | writer | record                             | reader | outcome           | value                                             |
      | 4      | {"id":"a","age":30,"country":"NO"} | 1      | read              | {"id":"a","age":30}                               |
      | 4      | {"id":"a","age":30,"country":"NO"} | 2      | read with default | {"id":"a","age":30,"email":"none"}                |
      | 4      | {"id":"a","age":30,"country":"NO"} | 3      | read with default | {"id":"a","age":30,"email":"none","country":"NO"} |
      | 4      | {"id":"a","age":30,"country":"NO"} | 4      | read              | {"id":"a","age":30,"country":"NO"}                |
      | 4      | {"id":"a","age":30,"country":"NO"} | 5      | read              | {"id":"a","age":30,"country":"NO"}                |
      | 4      | {"id":"a","age":30,"country":"NO"} | 6      | read              | {"user_id":"a","age":30,"country":"NO"}           |

    Examples: age promoted from int to long
      | writer | record                                     | reader | outcome  | value                                           |
      | 5      | {"id":"a","age":3000000000,"country":"NO"} | 1      | rejected |                                                 |
      | 5      | {"id":"a","age":3000000000,"country":"NO"} | 2      | rejected |                                                 |
      | 5      | {"id":"a","age":3000000000,"country":"NO"} | 3      | rejected |                                                 |
      | 5      | {"id":"a","age":3000000000,"country":"NO"} | 4      | rejected |                                                 |
      | 5      | {"id":"a","age":3000000000,"country":"NO"} | 5      | read     | {"id":"a","age":3000000000,"country":"NO"}      |
      | 5      | {"id":"a","age":3000000000,"country":"NO"} | 6      | read     | {"user_id":"a","age":3000000000,"country":"NO"} |

    Examples: id renamed, with an alias
      | writer | record                                          | reader | outcome                  | value                                           |
      | 6      | {"user_id":"a","age":3000000000,"country":"NO"} | 1      | rejected                 |                                                 |
      | 6      | {"user_id":"a","age":3000000000,"country":"NO"} | 2      | rejected                 |                                                 |
      | 6      | {"user_id":"a","age":3000000000,"country":"NO"} | 3      | rejected                 |                                                 |
      | 6      | {"user_id":"a","age":3000000000,"country":"NO"} | 4      | rejected                 |                                                 |
      | 6      | {"user_id":"a","age":3000000000,"country":"NO"} | 5      | set aside with a warning |                                                 |
      | 6      | {"user_id":"a","age":3000000000,"country":"NO"} | 6      | read                     | {"user_id":"a","age":3000000000,"country":"NO"} |
