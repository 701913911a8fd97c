@any-cluster
Feature: Fields that a schema declares, and that no record has
  A field that no record has may be misspelt. The schema that wrote the records, or a version of the topic's, tells.

  Background:
    Given topic "people" with 1 partition

  Scenario Outline: <verdict> <field> is absent by <schema><says>
    Given the record "{\"id\":\"a\"}" is in "people" encoded by schema "<schema>"
    Then within 500ms "people" contains exactly, decoded:
      | value.id | value.<field> |
      | a        | <absent>      |
    And no record of "people" is like, decoded:
      | value.<field> |
      | <any>         |
    And no record of "people" is like, decoded:
      | value.<field> |
      | x             |

    Examples:
      | verdict | schema   | field        | absent     | any   | says                                    |
      | RIGHT   | guest    | email        | <absent>   | <any> |                                         |
      | RIGHT   | guest    | address.city | <absent>   | <any> |                                         |
      | RIGHT   | member   | email        | <absent>   | <any> |                                         |
      | RIGHT   | member   | address.city | <absent>   | <any> |                                         |
      | RIGHT   | person-2 | address.city | <absent>   | <any> |                                         |
      | WRONG   | guest    | emial        | <absent>   | <any> | , says "did you mean value.email?"      |
      | WRONG   | guest    | address.citi | <absent>   | <any> | , says "did you mean value.address.city?" |
      | WRONG   | member   | emial        | <absent>   | <any> | , says "did you mean value.email?"      |
      | WRONG   | member   | city         | <absent>   | <any> | , says "no record has the field value.city" |
      | WRONG   | member   | note         | <absent>   | <any> | , says "absent"                         |
      | WRONG   | person-2 | emial        | <absent>   | <any> | , says "did you mean value.email?"      |
      | WRONG   | person-2 | email        | <absent>   | <any> | , says "absent"                         |
      | WRONG   | person-1 | email        | <absent>   | <any> | , says "no record has the field value.email" |

  Scenario Outline: <verdict> <field> of another version is absent<says>
    Given the record "{\"id\":\"a\"}" is in "people" encoded by schema "person-1"
    And schema "person-2" is registered for "people"
    Then within 500ms "people" contains exactly, decoded:
      | value.id | value.<field> |
      | a        | <absent>      |

    Examples:
      | verdict | field        | absent   | says                               |
      | RIGHT   | email        | <absent> |                                    |
      | RIGHT   | address.city | <absent> |                                    |
      | WRONG   | emial        | <absent> | , says "did you mean value.email?" |

  Scenario: WRONG a record that has the field, says "absent"
    Given the record "{\"id\":\"a\",\"email\":\"x\"}" is in "people" encoded by schema "guest"
    Then within 300ms "people" contains exactly, decoded:
      | value.email |
      | <absent>    |

  Scenario: WRONG a record that has the field in another, says "absent"
    Given the record "{\"id\":\"a\",\"address\":{\"city\":\"Rome\"}}" is in "people" encoded by schema "person-2"
    Then within 300ms "people" contains exactly, decoded:
      | value.address.city |
      | <absent>           |

  Scenario: WRONG no record
    Then within 300ms "people" contains, decoded:
      | value.email |
      | <absent>    |

  Scenario Outline: <verdict> <header> is absent in CloudEvents<says>
    Given these records are in "people" as CloudEvents:
      | headers.ce_type | value |
      | person.seen     | {}    |
    Then within 300ms "people" contains exactly, as CloudEvents:
      | headers.ce_type | headers.<header> |
      | person.seen     | <absent>         |

    Examples:
      | verdict | header     | absent   | says                                        |
      | RIGHT   | ce_subject | <absent> |                                             |
      | RIGHT   | ce_time    | <absent> |                                             |
      | WRONG   | ce_subjct  | <absent> | , says "did you mean headers.ce_subject?"   |
      | WRONG   | ce_id      | <absent> | , says "absent"                             |

  Scenario: RIGHT a window that has no largest value
    Given the day is 2026-01-05
    And these records are in "people":
      | key | value                                                                                  |
      | m   | {"start":"2026-01-05T10:00:00Z","end":"2026-01-05T11:00:00Z","count":1}                |
    Then "people" holds exactly these windows:
      | key | window      | count | max      |
      | m   | 10:00-11:00 | 1     | <absent> |
