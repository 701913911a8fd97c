Feature: Worlds in which nobody answers as claimed

  Background:
    Given an HTTP service "payments" that answers:
      | method | path        | status | body                        |
      | POST   | /payments   | 201    | {"state":"open","amount":5} |
      | GET    | /payments/* | 404    | {"state":"none"}            |

  @wrong
  Scenario Outline: <claim>
    When the HTTP service "payments" is asked 2 times POST "/payments"
    Then within 300ms <claim>

    Examples:
      | claim                                                                  |
      | the answers have status 200                                            |
      | the HTTP service "payments" answers GET "/payments/1" with status 200  |
      | the HTTP service "payments" does not answer GET "/payments/1"          |

  @wrong
  Scenario Outline: an answer whose <column> is not <value>
    When the HTTP service "payments" is asked POST "/payments"
    Then within 300ms the answer is like:
      | <column> |
      | <value>  |

    Examples:
      | column               | value            |
      | status               | 200              |
      | body.state           | closed           |
      | body.amount          | > 5              |
      | body.amount          | <absent>         |
      | body.id              | <any>            |
      | body                 | {"state":"open"} |
      | headers.Content-Type | text/plain       |

  @wrong
  Scenario: an answer that comes after the deadline
    Given the HTTP service "payments" is slow by 500ms
    Then within 100ms the HTTP service "payments" answers GET "/payments/1" with status 404

  @wrong
  Scenario: an answer that is to come, with another status
    Then within 300ms the HTTP service "payments" answers GET "/payments/1" like:
      | status | body.state |
      | 200    | none       |

  @wrong
  Scenario: an application that answers with another status
    Given topic "orders" with 1 partition
    And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
    Then within 300ms "monitor" answers GET "/metrics" with status 204

  @wrong
  Scenario: an application that answers otherwise
    Given topic "orders" with 1 partition
    And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
    Then within 300ms "monitor" answers GET "/metrics" like:
      | body    |
      | nothing |

  @wrong
  Scenario: an application that does answer
    Given topic "orders" with 1 partition
    And application "monitor" is the reference "lag-monitor" watching group "shipping" on "orders"
    Then within 300ms "monitor" does not answer GET "/metrics"

  @empty
  Scenario Outline: nobody who can be asked, <claim>
    Given topic "orders" with 1 partition
    And application "silent" is the reference "talker" writing "orders"
    Then within 300ms <claim>

    Examples:
      | claim                                              |
      | the answer has status 201                          |
      | "silent" answers GET "/payments/1" with status 200 |
      | "silent" does not answer GET "/payments/1"         |

  @empty
  Scenario: no answer to look at
    Then within 300ms the answer is like:
      | status |
      | 201    |

  @empty
  Scenario: an application without an address
    Given topic "orders" with 1 partition
    And application "silent" is the reference "talker" writing "orders"
    Then within 300ms "silent" answers GET "/payments/1" like:
      | status |
      | 200    |

  @empty
  Scenario Outline: a service that is down, <claim>
    Given the HTTP service "payments" is down
    Then within 300ms <claim>

    Examples:
      | claim                                                                 |
      | the HTTP service "payments" answers GET "/payments/1" with status 200 |

  @empty
  Scenario: a service that is down, and its answer
    Given the HTTP service "payments" is down
    Then within 300ms the HTTP service "payments" answers GET "/payments/1" like:
      | status |
      | 200    |

  @empty
  Scenario: a service that is only there
    Then within 300ms the HTTP service "payments" does not answer GET "/payments/1"
