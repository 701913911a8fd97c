Feature: Records are gone of which nobody saw who wrote them
  Their number and content are not known, so that one is missing says nothing. What is wrong with the rest is found.

  Background:
    Given topic "copies" with 1 partition

  Scenario Outline: <verdict> numbered records, <what><says>
    Given application "writer" is the profile's "unseen" writing "copies"
      | does | out:copies:0:x out:copies:<second>:x out:copies:2:x cut:copies:<gone> say:ready wait |
    When application "writer" is started
    And within 20s "writer" has said "ready"
    Then within 1s field "key" of "copies" runs from 0 to <last>, each exactly once

    Examples:
      | verdict | what                  | says                         | second | gone | last |
      | RIGHT   | none of them gone      |                                   | 1      | 0    | 2    |
      | WRONG   | none gone, one twice   | , says "duplicate"                | 2      | 0    | 2    |
      | WRONG   | the first gone         | , says "begins later than it did" | 1      | 1    | 2    |
      | WRONG   | all gone               | , says "begins later than it did" | 1      | 3    | 2    |
      | WRONG   | the rest twice         | , says "duplicate"                | 2      | 1    | 2    |
      | WRONG   | more missing than gone | , says "at most 1 of these"       | 1      | 1    | 4    |
