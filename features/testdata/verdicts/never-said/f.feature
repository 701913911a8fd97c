@any-cluster
Feature: What an application never said
  That it did not say so shows something only where it would have.

  Scenario Outline: <v> <app>, which says <says>: <claim>: has: says "<has>"
    Given topic "orders" with 1 partition
    And application "<app>" of the profile is in group "g" reading "orders"
      | says | <says> |
    And these records are in "orders":
      | value         |
      | {"amount": 5} |
    When "<app>" has caught up with "orders"
    And within 5s "<app>" has said "handled"
    Then within 500ms "<app>" <claim>

    Examples:
      | v     | app      | says     | has                                                          | claim                                     |
      | WRONG | plain    | nothing  | no line of its log fits any of its patterns                  | retried no times                          |
      | WRONG | alone    | nothing  | would log a line of the kind "retrying": it has no such      | retried no times                          |
      | WRONG | alone    | again    | would log a line of the kind "retrying": it has no such      | retried at most 2 times                   |
      | WRONG | alone    | again    | would log a line of the kind "alert": it has no such         | raised no alerts for "orders" partition 0 |
      | WRONG | alone    | again    | would log a line of the kind "progress": it has no such      | reported its progress no times            |
      | WRONG | alone    | warned   | would log a line of the kind "warning": it has no such       | warned about no field of "orders"         |
      | WRONG | beside   | again    | it has only the default one                                  | retried no times                          |
      | WRONG | beside   | warned   | it has only the default one                                  | warned about no field of "orders"         |
      | RIGHT | beside   | assigned |                                                              | retried no times                          |
      | RIGHT | declared | nothing  |                                                              | retried no times                          |
      | RIGHT | declared | nothing  |                                                              | raised no alerts for "orders" partition 0 |
      | RIGHT | declared | nothing  |                                                              | reported its progress at most 0 times     |
      | RIGHT | declared | nothing  |                                                              | warned about no field of "orders"         |
      | WRONG | declared | again    | want exactly 0                                               | retried no times                          |
      | WRONG | declared | again    | want exactly 0                                               | raised no alerts for "orders" partition 0 |
      | WRONG | declared | warned   | got a warning about field "country"                          | warned about no field of "orders"         |
      | WRONG | declared | warned   | got no warning about field "amount"                          | warned once about field "amount" of "orders" |
      | WRONG | declared | nothing  | got no warning about field "country"                         | warned once about field "country" of "orders" |
      | WRONG | unplaced | warned   | names no record                                              | warned once about field "country" of "orders" |
      | WRONG | unplaced | warned   | got a warning about field "country"                          | warned about no field of "orders" |
