@any-cluster
Feature: What an application says of fields that records lack
  The topic holds two records by the first version of a schema, which has no country.

  Scenario Outline: <verdict> <what><says>
    Given topic "users" with 1 partition
    And the compatibility of "users" is NONE
    And schema "user-v3" is registered for "users"
    And application "app" is the command "python3 acts/act.py <dead> 'say:level=WARN msg=warning field=<field> schema=2 topic=users partition=0 offset=<offset>' say:ready wait" reading "users"
    And these records are in "users" encoded by schema "user-v1":
      | value.id | value.age |
      | u1       | 30        |
      | u2       | 40        |
    When application "app" is started
    And within 20s "app" has said "ready"
    Then "app" warned once about field "<field>" of "users"

    Examples:
      | verdict | what                        | says                          | field   | offset | dead |
      | RIGHT   | the first record            |                               | country | 0      | 'say:level=WARN msg=dead-lettered topic=users partition=0 offset=0 class=missing-field' |
      | WRONG   | the second record           | , says "offset 0 by the same" | country | 1      | 'say:level=WARN msg=dead-lettered topic=users partition=0 offset=0 class=missing-field' |
      | RIGHT   | the first that it has read  |                               | country | 1      | 'say:level=WARN msg=dead-lettered topic=users partition=0 offset=1 class=missing-field' |
      | WRONG   | a field that is there       | , says "which has it: 30"     | age     | 0      | 'say:level=WARN msg=dead-lettered topic=users partition=0 offset=0 class=missing-field' |
