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
