Feature: Worlds in which services are not asked as claimed
  Of three orders the first is asked for twice and the last never.

  Background:
    Given topic "orders" with 1 partition
    And an HTTP service "payments"

  @wrong
  Scenario Outline: requests too many and too few, <claim>
    Given these records are in "orders":
      | key | value     |
      | o-1 | {"id": 1} |
      | o-2 | {"id": 2} |
      | o-3 | {"id": 3} |
    When the HTTP service "payments" is asked 2 times POST "/payments/o-${number}"
      | headers.Order | ${number} |
    And the HTTP service "payments" is asked POST "/payments/o-1"
      | headers.Order | 1 |
    Then within 300ms <claim>

    Examples:
      | claim                                                                                           |
      | every record of "orders" caused exactly one request to "payments"                               |
      | every record of "orders" caused at least one request to "payments"                              |
      | every record of "orders" caused at most one request to "payments"                               |
      | every record of "orders" caused exactly one request to "payments", by "id"                      |
      | every record of "orders" caused at least one request to "payments", by "id"                     |
      | every record of "orders" caused at most one request to "payments", by "id"                      |
      | every record of "orders" caused exactly one request to "payments", by "id" in "headers.Order"   |
      | every record of "orders" caused at least one request to "payments", by "key" in "/payments/*"   |
      | every record of "orders" caused at most one request to "payments", by "key" in "path"           |
      | the HTTP service "payments" was asked 2 times                                                   |
      | the HTTP service "payments" was asked at least 4 times                                          |
      | the HTTP service "payments" was asked at most 2 times                                           |
      | the HTTP service "payments" was asked 1 time POST "/payments/o-1"                               |
      | the HTTP service "payments" was asked at least 3 times POST "/payments/o-1"                     |
      | the HTTP service "payments" was asked at most 1 time POST "/payments/o-1"                       |
      | the HTTP service "payments" was asked 1 time GET "/payments/o-1"                                |

  @wrong
  Scenario Outline: a request for what was never a record, <promise>
    Given these records are in "orders":
      | key | value     |
      | o-1 | {"id": 1} |
    When the HTTP service "payments" is asked POST "/payments/o-1"
    And the HTTP service "payments" is asked POST "/payments/o-7"
    Then within 300ms every record of "orders" caused <promise> request to "payments"

    Examples:
      | promise      |
      | exactly one  |
      | at least one |
      | at most one  |

  @wrong
  Scenario: only a request that the service refused
    Given these records are in "orders":
      | key | value |
      | o-1 | a     |
    And the HTTP service "payments" answers with status 503 for the next 1 request
    When the HTTP service "payments" is asked POST "/payments/o-1"
    Then within 300ms every record of "orders" caused exactly one request to "payments"

  @wrong
  Scenario: the second order before the first
    Given these records are in "orders":
      | key | value     |
      | u1  | {"id": 2} |
      | u1  | {"id": 1} |
    When the HTTP service "payments" is asked 2 times POST "/payments/${number}"
    Then the requests to "payments" come in the order of the records of "orders", by "id" in "/payments/*"

  @wrong
  Scenario Outline: a request whose <column> is not <value>
    When the HTTP service "payments" is asked POST "/payments?dry=1"
      | headers.Order         | a               |
      | headers.Authorization | Bearer secret-1 |
      | body                  | {"amount": 5}   |
    Then within 300ms the HTTP service "payments" was asked:
      | <column> |
      | <value>  |

    Examples:
      | column                | value           |
      | method                | PUT             |
      | path                  | /payments       |
      | status                | 201             |
      | body.amount           | 6               |
      | body                  | {}              |
      | headers.Order         | b               |
      | headers.Authorization | Bearer secret-1 |

  @wrong
  Scenario: one request for two rows
    When the HTTP service "payments" is asked POST "/payments"
    Then within 300ms the HTTP service "payments" was asked:
      | method | path      |
      | POST   | /payments |
      | POST   | /payments |

  @wrong
  Scenario: another service has been asked
    Given an HTTP service "returns"
    When the HTTP service "payments" is asked POST "/payments"
    Then within 300ms the HTTP service "returns" has been asked

  @empty
  Scenario Outline: no record and no request, <claim>
    Then within 300ms <claim>

    Examples:
      | claim                                                                                                 |
      | every record of "orders" caused exactly one request to "payments"                                     |
      | every record of "orders" caused at least one request to "payments"                                    |
      | every record of "orders" caused at most one request to "payments"                                     |
      | every record of "orders" caused exactly one request to "payments", by "id"                            |
      | every record of "orders" caused at least one request to "payments", by "id"                           |
      | every record of "orders" caused at most one request to "payments", by "id"                            |
      | every record of "orders" caused exactly one request to "payments", by "id" in "headers.Order"         |
      | every record of "orders" caused at least one request to "payments", by "key" in "/payments/*"         |
      | every record of "orders" caused at most one request to "payments", by "key" in "path"                 |
      | the requests to "payments" come in the order of the records of "orders", by "id" in "body.id"         |
      | the HTTP service "payments" was asked 1 time                                                          |
      | the HTTP service "payments" was asked at least 1 time                                                 |
      | the HTTP service "payments" was asked 1 time POST "/payments/o-1"                                     |
      | the HTTP service "payments" was asked at least 1 time POST "/payments/o-1"                            |
      | the HTTP service "payments" has been asked                                                            |

  @empty
  Scenario: records of which none was asked for
    Given 3 records are in "orders" partition 0
    Then within 300ms every record of "orders" caused at most one request to "payments", by "value"

  @empty
  Scenario: no request to look at
    Then within 300ms the HTTP service "payments" was asked:
      | method |
      | POST   |

  @empty
  Scenario: a request that may be of two records
    Given these records are in "orders":
      | key | value |
      | o-1 | a     |
      | o-2 | b     |
    When the HTTP service "payments" is asked POST "/payments/o-1?after=o-2"
    Then within 300ms every record of "orders" caused at least one request to "payments"

  @holds
  Scenario Outline: a service that nobody asked was asked at most <claim>
    Then the HTTP service "payments" was asked at most <claim>

    Examples:
      | claim                        |
      | 1 time                       |
      | 1 time POST "/payments/o-1"  |
