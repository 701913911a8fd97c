Feature: Worlds in which encoded records are not as claimed

  Background:
    Given topic "users" with 1 partition
    And schema "user-v1" is registered for "users"

  @wrong
  Scenario: two records of the version
    When these records are sent to "users" encoded by schema "user-v1":
      | value.id | value.age |
      | u1       | 30        |
      | u2       | 40        |
    Then within 300ms "users" contains exactly 1 record of schema version 1

  @wrong
  Scenario Outline: another age
    When these records are sent to "users" encoded by schema "user-v1":
      | value.id | value.age |
      | u1       | 30        |
    Then within 300ms "users" <mode>, decoded:
      | value.id | value.age |
      | u1       | 31        |

    Examples:
      | mode              |
      | contains exactly  |
      | contains in order |
      | contains only     |
      | contains          |

  @empty
  Scenario Outline: no record
    Then within 300ms "users" <mode>, decoded:
      | value.id |
      | u1       |

    Examples:
      | mode              |
      | contains exactly  |
      | contains in order |
      | contains only     |
      | contains          |

  @empty
  Scenario: no record of the version
    Then within 300ms "users" contains exactly 1 record of schema version 1

  @empty
  Scenario: no such version
    Then within 300ms "users" contains exactly 0 records of schema version 9
