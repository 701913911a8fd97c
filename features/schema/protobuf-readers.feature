Feature: Protobuf, each writer by each reader
  A reader takes from each record the numbers that its own version knows. A field that nobody wrote is its type's zero,
  and no field is missing. What a type cannot hold is set aside, and never cut to fit.

  Background:
    Given topic "users" with 2 partitions
    And topic "users_dlq" with 1 partition
    And the compatibility of "users" is NONE
    And schema "account-v1" is registered for "users"
    And schema "account-v2" is registered for "users"
    And schema "account-v3" is registered for "users"
    And schema "account-v4" is registered for "users"
    And schema "account-v5" is registered for "users"
    And schema "account-v6" is registered for "users"

  Scenario Outline: Protobuf version <writer>, read by version <reader>
    Given application "reader" is the reference "schema-consumer" in group "readers" reading "users"
      | reader-version | <reader> |
    When these records are sent to "users" encoded by schema "account-v<writer>":
      | key | value    |
      | u1  | <record> |
    Then "reader" read "users" as:
      | outcome   | value   |
      | <outcome> | <value> |
    And every record of "users" was either processed by "reader" or is in "users_dlq", exactly once

    Examples: the first version
      | writer | record              | reader | outcome           | value                                       |
      | 1      | {"id":"a","age":30} | 1      | read              | {"id":"a","age":30}                         |
      | 1      | {"id":"a","age":30} | 2      | read with default | {"id":"a","age":30,"email":""}              |
      | 1      | {"id":"a","age":30} | 3      | read with default | {"id":"a","age":30,"email":"","country":""} |
      | 1      | {"id":"a","age":30} | 4      | read with default | {"id":"a","age":30,"country":""}            |
      | 1      | {"id":"a","age":30} | 5      | read with default | {"id":"a","age":30,"country":""}            |
      | 1      | {"id":"a","age":30} | 6      | read with default | {"user_id":"a","age":30,"country":""}       |

    Examples: email added
      | writer | record                                | reader | outcome           | value                                              |
      | 2      | {"id":"a","age":30,"email":"a@a.org"} | 1      | read              | {"id":"a","age":30}                                |
      | 2      | {"id":"a","age":30,"email":"a@a.org"} | 2      | read              | {"id":"a","age":30,"email":"a@a.org"}              |
      | 2      | {"id":"a","age":30,"email":"a@a.org"} | 3      | read with default | {"id":"a","age":30,"email":"a@a.org","country":""} |
      | 2      | {"id":"a","age":30,"email":"a@a.org"} | 4      | read with default | {"id":"a","age":30,"country":""}                   |
      | 2      | {"id":"a","age":30,"email":"a@a.org"} | 5      | read with default | {"id":"a","age":30,"country":""}                   |
      | 2      | {"id":"a","age":30,"email":"a@a.org"} | 6      | read with default | {"user_id":"a","age":30,"country":""}              |

    Examples: country added
      | writer | record                                               | reader | outcome | value                                                |
      | 3      | {"id":"a","age":30,"email":"a@a.org","country":"NO"} | 1      | read    | {"id":"a","age":30}                                  |
      | 3      | {"id":"a","age":30,"email":"a@a.org","country":"NO"} | 2      | read    | {"id":"a","age":30,"email":"a@a.org"}                |
      | 3      | {"id":"a","age":30,"email":"a@a.org","country":"NO"} | 3      | read    | {"id":"a","age":30,"email":"a@a.org","country":"NO"} |
      | 3      | {"id":"a","age":30,"email":"a@a.org","country":"NO"} | 4      | read    | {"id":"a","age":30,"country":"NO"}                   |
      | 3      | {"id":"a","age":30,"email":"a@a.org","country":"NO"} | 5      | read    | {"id":"a","age":30,"country":"NO"}                   |
      | 3      | {"id":"a","age":30,"email":"a@a.org","country":"NO"} | 6      | read    | {"user_id":"a","age":30,"country":"NO"}              |

    Examples: email removed
      | writer | record                             | reader | outcome           | value                                         |
      | 4      | {"id":"a","age":30,"country":"NO"} | 1      | read              | {"id":"a","age":30}                           |
      | 4      | {"id":"a","age":30,"country":"NO"} | 2      | read with default | {"id":"a","age":30,"email":""}                |
      | 4      | {"id":"a","age":30,"country":"NO"} | 3      | read with default | {"id":"a","age":30,"email":"","country":"NO"} |
      | 4      | {"id":"a","age":30,"country":"NO"} | 4      | read              | {"id":"a","age":30,"country":"NO"}            |
      | 4      | {"id":"a","age":30,"country":"NO"} | 5      | read              | {"id":"a","age":30,"country":"NO"}            |
      | 4      | {"id":"a","age":30,"country":"NO"} | 6      | read              | {"user_id":"a","age":30,"country":"NO"}       |

    Examples: age widened from int32 to int64, and too large for an int32
      | writer | record                                     | reader | outcome  | value                                           |
      | 5      | {"id":"a","age":3000000000,"country":"NO"} | 1      | rejected |                                                 |
      | 5      | {"id":"a","age":3000000000,"country":"NO"} | 2      | rejected |                                                 |
      | 5      | {"id":"a","age":3000000000,"country":"NO"} | 3      | rejected |                                                 |
      | 5      | {"id":"a","age":3000000000,"country":"NO"} | 4      | rejected |                                                 |
      | 5      | {"id":"a","age":3000000000,"country":"NO"} | 5      | read     | {"id":"a","age":3000000000,"country":"NO"}      |
      | 5      | {"id":"a","age":3000000000,"country":"NO"} | 6      | read     | {"user_id":"a","age":3000000000,"country":"NO"} |

    Examples: id renamed: readers go by the number
      | writer | record                                          | reader | outcome  | value                                           |
      | 6      | {"user_id":"a","age":3000000000,"country":"NO"} | 1      | rejected |                                                 |
      | 6      | {"user_id":"a","age":3000000000,"country":"NO"} | 2      | rejected |                                                 |
      | 6      | {"user_id":"a","age":3000000000,"country":"NO"} | 3      | rejected |                                                 |
      | 6      | {"user_id":"a","age":3000000000,"country":"NO"} | 4      | rejected |                                                 |
      | 6      | {"user_id":"a","age":3000000000,"country":"NO"} | 5      | read     | {"id":"a","age":3000000000,"country":"NO"}      |
      | 6      | {"user_id":"a","age":3000000000,"country":"NO"} | 6      | read     | {"user_id":"a","age":3000000000,"country":"NO"} |
