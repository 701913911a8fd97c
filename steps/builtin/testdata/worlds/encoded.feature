Feature: Worlds in which encoded records are not as claimed

  Background:
    Given topic "users" with 1 partition
    And schema "user-v1" is registered for "users"

  @wrong
  Scenario Outline: two records of the version
    When these records are sent to "users" encoded by schema "user-v1":
      | value.id | value.age |
      | u1       | 30        |
      | u2       | 40        |
    Then within 300ms "users" contains <amount> records of schema version 1

    Examples:
      | amount     |
      | exactly 1  |
      | at least 3 |
      | at most 1  |

  @wrong
  Scenario: a record like it
    When these records are sent to "users" encoded by schema "user-v1":
      | value.id | value.age |
      | u1       | 30        |
    Then within 300ms no record of "users" is like, decoded:
      | value.age |
      | 30        |

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
  Scenario Outline: no record of the version
    Then within 300ms "users" contains <amount> record of schema version 1

    Examples:
      | amount     |
      | exactly 1  |
      | at least 1 |

  @empty
  Scenario Outline: no such version
    Then within 300ms "users" contains <amount> records of schema version 9

    Examples:
      | amount    |
      | exactly 0 |
      | at most 1 |

  @empty
  Scenario: no record that has the field
    When these records are sent to "users" encoded by schema "user-v1":
      | value.id | value.age |
      | u1       | 30        |
    Then within 300ms no record of "users" is like, decoded:
      | value.colour |
      | red          |

  @wrong
  Scenario Outline: two payments
    Given topic "events" with 1 partition
    When the record "{}" is sent to "events" encoded by message "Payment" of schema "shop-events"
    And the record "{}" is sent to "events" encoded by message "Payment" of schema "shop-events"
    Then within 300ms "events" contains <amount> records of message "Payment"

    Examples:
      | amount     |
      | exactly 1  |
      | at least 3 |
      | at most 1  |

  @empty
  Scenario Outline: no payment
    Given topic "events" with 1 partition
    When the record "{}" is sent to "events" encoded by schema "shop-events"
    Then within 300ms "events" contains <amount> record of message "Payment"

    Examples:
      | amount     |
      | exactly 1  |
      | at least 1 |

  @empty
  Scenario Outline: no such message
    Given topic "events" with 1 partition
    Then within 300ms "events" contains <amount> records of message "Payment"

    Examples:
      | amount    |
      | exactly 0 |
      | at most 1 |
