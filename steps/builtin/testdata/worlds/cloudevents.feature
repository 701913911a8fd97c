Feature: Worlds in which records are no events as claimed

  Background:
    Given topic "orders" with 1 partition

  @wrong
  Scenario Outline: a record without attributes
    When these records are sent to "orders" as CloudEvents:
      | headers.ce_type | value    |
      | order.placed    | {"n": 1} |
    And the record "x" is sent to "orders"
    Then within 300ms every record of "orders" is <what>

    Examples:
      | what                    |
      | a CloudEvent            |
      | a binary CloudEvent     |
      | a structured CloudEvent |

  @wrong
  Scenario: another mode
    When these records are sent to "orders" as structured CloudEvents:
      | headers.ce_type | value    |
      | order.placed    | {"n": 1} |
    Then within 300ms every record of "orders" is a binary CloudEvent

  @wrong
  Scenario: two events with one id
    When these records are sent to "orders" as CloudEvents:
      | headers.ce_type | headers.ce_id | value    |
      | order.placed    | 1             | {"n": 1} |
      | order.placed    | 1             | {"n": 2} |
    Then within 300ms every record of "orders" is a CloudEvent

  @wrong
  Scenario: an event like it
    When these records are sent to "orders" as structured CloudEvents:
      | headers.ce_type | value    |
      | order.placed    | {"n": 1} |
    Then within 300ms no record of "orders" is like, as CloudEvents:
      | headers.ce_type |
      | order.placed    |

  @wrong
  Scenario Outline: another type
    When these records are sent to "orders" as CloudEvents:
      | headers.ce_type | value    |
      | order.placed    | {"n": 1} |
    Then within 300ms "orders" <mode>, as CloudEvents:
      | headers.ce_type | value.n |
      | order.paid      | 1       |

    Examples:
      | mode              |
      | contains exactly  |
      | contains in order |
      | contains only     |
      | contains          |

  @empty
  Scenario Outline: no record
    Then within 300ms every record of "orders" is <what>

    Examples:
      | what                    |
      | a CloudEvent            |
      | a binary CloudEvent     |
      | a structured CloudEvent |

  @empty
  Scenario Outline: no event
    Then within 300ms "orders" <mode>, as CloudEvents:
      | headers.ce_type |
      | order.placed    |

    Examples:
      | mode              |
      | contains exactly  |
      | contains in order |
      | contains only     |
      | contains          |

  @empty
  Scenario: no event that has the field
    When these records are sent to "orders" as CloudEvents:
      | headers.ce_type | value    |
      | order.placed    | {"n": 1} |
    Then within 300ms no record of "orders" is like, as CloudEvents:
      | value.colour |
      | red          |
