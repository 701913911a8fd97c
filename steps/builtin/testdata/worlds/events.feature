Feature: Worlds in which an application does not report what is claimed

  Background:
    Given topic "orders" with 1 partition

  @wrong
  Scenario Outline: one line of each kind
    Given the record "a" is in "orders"
    And application "shipping" is the reference "talker" writing "orders"
      """
      says:
        - processed topic=orders partition=0 offset=0
        - retrying topic=orders partition=0 offset=0
        - progress acknowledged=1
        - done acknowledged=2
      """
    When "shipping" has said "done"
    Then within 300ms <claim>

    Examples:
      | claim                                                              |
      | "shipping" has processed at least 2 records                        |
      | "shipping" has said "good morning"                                 |
      | "shipping" processed exactly 0 records                             |
      | "shipping" processed exactly 2 records                             |
      | "shipping" processed at most 0 records                             |
      | "shipping" retried at most 0 times                                 |
      | "shipping" reported its progress exactly 2 times                   |
      | "shipping" reported its progress at most 0 times                   |
      | "shipping" said "done" at least 2 times                            |
      | "shipping" said "done" at most 0 times                             |
      | "shipping" said "done" no times                                    |
      | "shipping" reported as many acknowledged records as "orders" holds |
      | "shipping" reported its progress at least 2 times                  |
      | "shipping" retried at least 2 times                                |
      | "shipping" has retried at least 2 times                            |
      | "shipping" processed at least 2 records                            |
      | "shipping" retried exactly 0 times                                 |
      | "shipping" retried exactly 2 times                                 |
      | "shipping" said "done" exactly 2 times                             |

  @empty
  Scenario Outline: nothing said
    Given application "shipping" is the reference "talker" writing "orders"
    Then within 300ms <claim>

    Examples:
      | claim                                                              |
      | "shipping" has processed at least 1 record                         |
      | "shipping" has said "done"                                         |
      | "shipping" processed exactly 0 records                             |
      | "shipping" processed at most 1 record                              |
      | "shipping" retried at most 1 time                                  |
      | "shipping" reported its progress no times                          |
      | "shipping" reported its progress at most 1 time                    |
      | "shipping" said "done" at least 1 time                             |
      | "shipping" reported as many acknowledged records as "orders" holds |
      | "shipping" reported its progress at least 1 time                   |
      | "shipping" retried at least 1 time                                 |
      | "shipping" has retried at least 1 time                             |
      | "shipping" processed at least 1 record                             |
      | "shipping" retried exactly 0 times                                 |
      | "shipping" said "done" exactly 1 time                              |
      | "shipping" said "done" at most 1 time                              |
