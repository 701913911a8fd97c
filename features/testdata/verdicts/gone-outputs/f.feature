Feature: What applications wrote is gone
  Retention and deletion take records from the topics that applications write. What was in those is not known, so it is
  neither missing nor there once. What is wrong with the rest is found.

  Background:
    Given topic "orders" with 1 partition
    And topic "copies" with 1 partition
    And topic "orders_dlq" with 1 partition

  Scenario Outline: <verdict> <what> of which <gone> are gone<says>
    Given application "app" is the command "python3 acts/act.py <does>" in group "g" reading "orders" writing "copies" and "orders_dlq"
    And these records are in "orders":
      | key | value          | headers.id |
      | a   | {"n":0,"id":1} | 1          |
      | b   | {"n":1,"id":2} | 2          |
    When application "app" is started
    And within 20s "app" has said "ready"
    And the records of "<topic>" partition 0 before offset <gone> are deleted
    Then within 1s <claim>

    Examples:
      | verdict | what                    | says                                  | topic  | gone | does                                               | claim |
      | RIGHT   | other replies           |                                       | orders_dlq | 1 | c poll:2 work commit out:orders_dlq:z:z out:copies:a:x out:copies:b:x say:ready wait close | every record of "orders" has exactly one reply in "copies", by "key" |
      | RIGHT   | orders, with replies    |                                       | orders | 1    | c poll:2 work commit out:copies:a:x out:copies:b:x say:ready wait close           | every record of "orders" has exactly one reply in "copies", by "key" |
      | WRONG   | orders, one reply       | , says "missing reply"                | orders | 1    | c poll:2 work commit out:copies:b:x say:ready wait close                          | every record of "orders" has exactly one reply in "copies", by "key" |
      | WRONG   | replies                 | , says "what was in them is not known" | copies | 1    | c poll:2 work commit out:copies:a:x out:copies:b:x say:ready wait close           | every record of "orders" has exactly one reply in "copies", by "key" |
      | WRONG   | replies, one twice      | , says "what was in them is not known" | copies | 1    | c poll:2 work commit out:copies:a:x out:copies:a:x out:copies:b:x say:ready wait close | every record of "orders" has exactly one reply in "copies", by "key" |
      | WRONG   | replies, the rest twice | , says "reply twice"                  | copies | 1    | c poll:2 work commit out:copies:a:x out:copies:b:x out:copies:b:x say:ready wait close | every record of "orders" has exactly one reply in "copies", by "key" |
      | WRONG   | replies, the rest to nobody | , says "no request in"            | copies | 1    | c poll:2 work commit out:copies:a:x out:copies:z:x say:ready wait close           | every record of "orders" has exactly one reply in "copies", by "key" |
      | WRONG   | results                 | , says "what was in them is not known" | copies | 1    | c poll:2 work commit out:copies:a:x out:copies:b:x say:ready wait close           | every record of "orders" has exactly one result in "copies" or "orders_dlq", by "key" |
      | WRONG   | copies, the rest changed | , says "not in orders"               | copies | 1    | c poll:2 work commit out:copies:a:x out:copies:b:x say:ready wait close           | every record of "orders" is in "copies" exactly once |
      | WRONG   | numbered records        | , says "no n to judge by"             | copies | 1    | c poll:2 work commit out:copies:a:{} out:copies:b:{} say:ready wait close         | field "n" of "copies" runs from 0 to 1, each exactly once |
      | RIGHT   | numbered records of ours |                                      | orders | 1    | c poll:2 work commit out:copies:a:x say:ready wait close                          | field "n" of "orders" runs from 0 to 1, each exactly once |
      | WRONG   | dead letters            | , says "what was in them is not known" | orders_dlq | 1 | out:orders_dlq:a:x c poll:2 work:1 commit say:ready wait close | every record of "orders" was either processed by "app" or is in "orders_dlq", exactly once |
      | WRONG   | dead letters, behind a commit | , says "what was in them is not known" | orders_dlq | 1 | out:orders_dlq:a:x c poll:2 work:1 commit say:ready wait close | "app" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq" |
      | WRONG   | dead letters, alone     | , says "what was in them is not known" | orders_dlq | 1 | out:orders_dlq:a:x c poll:2 work:1 commit say:ready wait close | no record of "orders" has two dead letters in "orders_dlq" |
      | WRONG   | results, the rest twice | , says "result twice" | copies | 1 | c poll:2 work commit out:copies:a:x out:copies:b:x out:copies:b:x say:ready wait close | every record of "orders" has exactly one result in "copies" or "orders_dlq", by "key" |
      | WRONG   | results, the rest of nobody | , says "not in orders" | copies | 1 | c poll:2 work commit out:copies:a:x out:copies:z:x say:ready wait close | every record of "orders" has exactly one result in "copies" or "orders_dlq", by "key" |
      | WRONG   | results, fewer than are missing | , says "at most 1 of these" | copies | 1 | c poll:2 work commit out:copies:a:x say:ready wait close | every record of "orders" has exactly one result in "copies" or "orders_dlq", by "key" |
      | WRONG   | unmatched results, one twice elsewhere | , says "result twice" | orders_dlq | 1 | c poll:2 work commit out:orders_dlq:a:x out:copies:b:x out:copies:b:x say:ready wait close | every record of "orders" has exactly one result in "copies" or "orders_dlq", by "key" |
      | WRONG   | replies, fewer than are missing | , says "at most 1 of these" | copies | 1 | c poll:2 work commit out:copies:a:x say:ready wait close | every record of "orders" has exactly one reply in "copies", by "key" |
      | WRONG   | copies, fewer than are missing | , says "at most 1 of these" | copies | 1 | c poll:2 work commit out:copies:a:x say:ready wait close | every record of "orders" is in "copies" exactly once |
      | WRONG   | dead letters, one processed twice | , says "processed twice" | orders_dlq | 1 | c poll:2 letter:orders_dlq:0 work:1 work:1 commit say:ready wait close | every record of "orders" was either processed by "app" or is in "orders_dlq", exactly once |
      | WRONG   | dead letters, one of them processed | , says "both processed and dead-lettered" | orders_dlq | 1 | c poll:2 letter:orders_dlq:0 letter:orders_dlq:1 work:1 commit say:ready wait close | every record of "orders" was either processed by "app" or is in "orders_dlq", exactly once |
      | WRONG   | dead letters, one of them altered | , says "altered dead letter" | orders_dlq | 1 | c poll:2 letter:orders_dlq:0 altered:orders_dlq:1 work:0 commit say:ready wait close | every record of "orders" was either processed by "app" or is in "orders_dlq", exactly once |
      | WRONG   | dead letters, and a commit before the work | , says "before this record was finished" | orders_dlq | 1 | c poll:2 letter:orders_dlq:0 commit work say:ready wait close | "app" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq" |
      | WRONG   | dead letters, written after the commit | , says "commit ahead" | orders_dlq | 1 | c poll:2 work:1 commit letter:orders_dlq:0 say:ready wait close | "app" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq" |
      | WRONG   | dead letters, written before the commit | , says "what was in them is not known" | orders_dlq | 1 | c poll:2 letter:orders_dlq:0 work:1 commit say:ready wait close | "app" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq" |
      | WRONG   | dead letters, and a commit past the end | , says "commit past the end" | orders_dlq | 1 | c poll:2 letter:orders_dlq:0 work:1 commit:0:9 say:ready wait close | "app" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq" |
      | WRONG   | dead letters, the rest twice | , says "two dead letters" | orders_dlq | 1 | c poll:2 letter:orders_dlq:0 letter:orders_dlq:1 letter:orders_dlq:1 commit say:ready wait close | no record of "orders" has two dead letters in "orders_dlq" |
      | WRONG   | dead letters, whose commits nobody knows | , says "what was in them is not known" | orders_dlq | 1 | c poll:2 letter:orders_dlq:0 letter:orders_dlq:1 commit say:ready wait close | "app" committed no offset of "orders" before the dead letter was acknowledged |
      | WRONG   | dead letters, the rest after the commit | , says "before the dead letter of this record" | orders_dlq | 1 | c poll:2 letter:orders_dlq:0 commit letter:orders_dlq:1 say:ready wait close | "app" committed no offset of "orders" before the dead letter was acknowledged |
      | RIGHT   | other records, before commits after their letters |  | copies | 1 | c poll:2 out:copies:a:x letter:orders_dlq:0 letter:orders_dlq:1 commit say:ready wait close | "app" committed no offset of "orders" before the dead letter was acknowledged |

  Scenario Outline: <verdict> <what> whose <topic> are gone<says>
    Given the day is 2026-01-05
    And topic "readings" with 1 partition
    And topic "windows" with 1 partition
    And topic "readings_late" with 1 partition
    And these records are in "readings":
      | key | value         | timestamp |
      | m   | {"amount": 5} | 10:00     |
      | m   | {"amount": 0} | 10:05     |
      | m   | {"amount": 9} | 10:20     |
    And application "app" is the command "sleep 60" reading "readings" and "windows"
    And these records are in "windows":
      | key | value                                                                           |
      | m   | {"start":"2026-01-05T10:00:00Z","end":"2026-01-05T10:05:00Z","count":1,"sum":<sum>} |
      | m   | {"start":"2026-01-05T10:05:00Z","end":"2026-01-05T10:10:00Z","count":1,"sum":0} |
    When application "app" is started
    And the records of "<topic>" partition 0 before offset 1 are deleted
    Then within 500ms "windows" holds exactly the windows of "readings" of 5m with grace 1m

    Examples:
      | verdict | what                | topic    | sum | says               |
      | RIGHT   | windows             | readings | 5   |                    |
      | RIGHT   | windows             | windows  | 5   |                    |
      | WRONG   | windows, of another sum, | readings | 6   | , says "wrong window" |
      | WRONG   | windows, of another sum, | windows  | 6   | , says "wrong window" |

  Scenario Outline: <verdict> <what> of which the first are gone<says>
    Given topic "users" with 1 partition
    And topic "payments" with 1 partition
    And topic "joined" with 1 partition
    And topic "unmatched" with 1 partition
    And these records are in "users":
      | key | value        | timestamp            |
      | u1  | {"name":"A"} | 2026-03-01T10:00:00Z |
      | u1  | {"name":"B"} | 2026-03-01T11:00:00Z |
    And these records are in "payments":
      | key | value      | timestamp            |
      | u1  | {"id":"a"} | 2026-03-01T10:30:00Z |
      | u1  | {"id":"b"} | 2026-03-01T11:30:00Z |
    And application "app" is the command "python3 acts/act.py 'raw:joined:u1:{\"id\":\"a\",\"user\":{\"name\":\"A\"}}' <rest> say:ready wait" writing "joined" and "unmatched"
    When application "app" is started
    And within 20s "app" has said "ready"
    And the records of "joined" partition 0 before offset 1 are deleted
    Then within 1s "joined" holds the join of "payments" with "users" as "user", by "id", and "unmatched" what found no match

    Examples:
      | verdict | what                     | says                  | rest |
      | WRONG   | results                  | , says "what was in them is not known" | 'raw:joined:u1:{\"id\":\"b\",\"user\":{\"name\":\"B\"}}' |
      | WRONG   | results, the rest wrong, | , says "wrong match"  | 'raw:joined:u1:{\"id\":\"b\",\"user\":{\"name\":\"A\"}}' |
      | WRONG   | results, the rest changed, | , says "altered result" | 'raw:joined:u1:{\"id\":\"b\",\"n\":1,\"user\":{\"name\":\"B\"}}' |
      | WRONG   | results, one unmatched,  | , says "unmatched though one in force" | 'raw:unmatched:u1:{\"id\":\"b\"}' |
      | WRONG   | results, more missing,   | , says "at most 1 of these" | |

  Scenario Outline: <verdict> the order of copies, the first gone, and then <rest><says>
    Given these records are in "orders":
      | key | value |
      | a   | 1     |
      | a   | 2     |
      | a   | 3     |
    And application "app" is the command "python3 acts/act.py out:copies:a:1 <rest> say:ready wait" writing "copies"
    When application "app" is started
    And within 20s "app" has said "ready"
    And the records of "copies" partition 0 before offset 1 are deleted
    Then within 500ms the records of "orders" are in "copies" in the same order per key

    Examples:
      | verdict | rest                                     | says                                   |
      | RIGHT   | out:copies:a:2 out:copies:a:3            |                                        |
      | WRONG   | out:copies:a:2 out:copies:a:1            | , says "what was in them is not known" |
      | WRONG   | out:copies:a:3 out:copies:a:2 out:copies:a:1 | , says "at most 1 of these"        |

  Scenario Outline: <verdict> requests for records of which the first is gone, <what><says>
    Given an HTTP service "payments"
    And application "app" is the command "python3 acts/act.py out:orders:a:x out:orders:b:x say:ready wait" writing "orders"
    When application "app" is started
    And within 20s "app" has said "ready"
    And the HTTP service "payments" is asked POST "/payments/<first>"
    And the HTTP service "payments" is asked POST "/payments/<second>"
    And the records of "orders" partition 0 before offset 1 are deleted
    Then within 500ms <claim>

    Examples:
      | verdict | what          | says                                   | first | second | claim |
      | WRONG   | one for each  | , says "what was in them is not known" | a     | b      | every record of "orders" caused exactly one request to "payments" |
      | WRONG   | none for the rest | , says "missing request"           | a     | c      | every record of "orders" caused exactly one request to "payments" |
      | WRONG   | two for the rest | , says "what was in them is not known" | b  | b      | every record of "orders" caused exactly one request to "payments" |
