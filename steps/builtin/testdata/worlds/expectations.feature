Feature: Worlds in which a topic does not hold what is claimed

  Background:
    Given topic "orders" with 1 partition

  @wrong
  Scenario Outline: other records
    Given these records are in "orders":
      | value |
      | b     |
      | a     |
    Then within 300ms "orders" <mode>:
      | value |
      | a     |
      | c     |

    Examples:
      | mode              |
      | contains exactly  |
      | contains in order |
      | contains only     |
      | contains          |

  @wrong
  Scenario: records in another order
    Given these records are in "orders":
      | value |
      | b     |
      | a     |
    Then within 300ms "orders" contains in order:
      | value |
      | a     |
      | b     |

  @wrong
  Scenario: a record like it
    Given the record "a" is in "orders"
    Then within 300ms no record of "orders" is like:
      | value |
      | a     |

  @wrong
  Scenario Outline: one record
    Given the record "a" is in "orders"
    Then within 300ms <claim>

    Examples:
      | claim                                |
      | "orders" contains at least 2 records |
      | "orders" contains exactly 2 records  |
      | "orders" contains exactly 0 records  |
      | "orders" contains at most 0 records  |
      | "orders" contains no records         |
      | "orders" is empty                    |

  @empty
  Scenario Outline: nothing like it
    Then within 300ms "orders" <mode>:
      | value |
      | a     |

    Examples:
      | mode              |
      | contains exactly  |
      | contains in order |
      | contains only     |
      | contains          |

  @empty
  Scenario Outline: no record
    Then within 300ms <claim>

    Examples:
      | claim                               |
      | "orders" contains at least 1 record |
      | "orders" contains exactly 1 record  |

  @empty
  Scenario: no record that has the field
    Given the record "a" is in "orders"
    Then within 300ms no record of "orders" is like:
      | value.colour |
      | red          |

  @wrong
  Scenario: a field that a schema declares, and a record has
    Given these records are in "orders" encoded by schema "user-v2":
      | value.id | value.age | value.email |
      | u1       | 31        | u1@a.org    |
    Then within 300ms "orders" contains exactly, decoded:
      | value.email |
      | <absent>    |

  @empty
  Scenario: a field that no schema declares
    Given these records are in "orders" encoded by schema "user-v2":
      | value.id | value.age | value.email |
      | u1       | 31        | u1@a.org    |
    Then within 300ms "orders" contains exactly, decoded:
      | value.id | value.emial |
      | u1       | <absent>    |

  @empty
  Scenario Outline: a field that no record ever had is absent however it is spelt
    Given these records are in "orders":
      | key | value         |
      | u1  | {"amount": 5} |
    Then within 300ms "orders" <mode>:
      | key | value.amuont |
      | u1  | <absent>     |

    Examples:
      | mode              |
      | contains exactly  |
      | contains in order |
      | contains only     |
      | contains          |

  @empty
  Scenario: a field that no record ever had is not there with whatever value
    Given these records are in "orders":
      | key | value         |
      | u1  | {"amount": 5} |
    Then within 300ms no record of "orders" is like:
      | value.amuont |
      | <any>        |

  @holds
  Scenario: a topic without records is empty
    Then "orders" is empty

  @holds
  Scenario: a topic without records has none that is like anything
    Then no record of "orders" is like:
      | value |
      | a     |

  @holds
  Scenario: a topic without records has at most one
    Then "orders" contains at most 1 record
