Feature: Topics that an application makes
  A repartition topic, named after its group, and a retry topic, named after what it reads, are named like any other.

  Background:
    Given topic "orders" with 1 partition
    And topic "by-user" is made by an application as "${group.totals}-by-user-repartition"
    And topic "retries" is made by an application as "retry.${topic.orders}"
    And topic "totals-other" is made by an application

  Scenario Outline: <verdict> orders by their user, HOW=<how>
    Given application "totals" is the command "env HOW=<how> python3 made-by-itself/app.py" in group "totals" reading "orders"
    When these records are sent to "orders":
      | key | value                  |
      | 1   | {"n": 1, "user": "u1"} |
      | 2   | {"n": 2, "user": "u2"} |
    Then within <time> "by-user" contains exactly:
      | key | value.n |
      | u1  | 1       |
      | u2  | 2       |
    And topic "by-user" has 2 partitions

    Examples:
      | verdict                                                                                      | how    | time |
      | RIGHT                                                                                        | fine   | 20s  |
      | WRONG says "no application has made topic" | none   | 3s   |
      | WRONG says "key"                                                                             | number | 3s   |

  Scenario: RIGHT a topic that is made when it is needed
    Given application "totals" is the command "env HOW=fine python3 made-by-itself/app.py" in group "totals" reading "orders"
    When the record "not json" is sent to "orders"
    Then within 20s "retries" contains exactly 1 record
    When 2 records are sent to "retries" partition 0
    Then "retries" contains exactly 3 records

  Scenario: RIGHT a fault meets a topic that is not there yet
    Given application "totals" is the command "env HOW=fine python3 made-by-itself/app.py" in group "totals" reading "orders"
    When the next Produce request to "by-user" fails with NOT_ENOUGH_REPLICAS
    And the record "{\"user\": \"u1\"}" is sent to "orders"
    Then within 20s "by-user" contains exactly 1 record

  Scenario: WRONG says "no application has made topic", of a topic that nobody makes
    Given application "totals" is the command "env HOW=fine python3 made-by-itself/app.py" in group "totals" reading "orders"
    When the record "{\"user\": \"u1\"}" is sent to "orders"
    Then within 3s "totals-other" is empty

  Scenario Outline: <verdict> names that the cluster has, <column> <want>
    Given application "totals" is the command "env HOW=fine python3 made-by-itself/app.py" in group "totals" reading "orders"
    When the record "{\"user\": \"u1\"}" is sent to "orders"
    Then within <time> "by-user" contains:
      | <column> |
      | <want>   |

    Examples:
      | verdict              | column       | want                                     | time |
      | RIGHT                | value.from   | ${topic.orders}                          | 20s  |
      | RIGHT                | headers.from | ${topic.orders}                          | 20s  |
      | RIGHT                | headers.from | orders                                   | 20s  |
      | RIGHT                | headers.to   | ${topic.by-user}                         | 20s  |
      | RIGHT                | headers.to   | ${group.totals}-by-user-repartition      | 20s  |
      | RIGHT                | headers.to   | != ${topic.orders}                       | 20s  |
      | WRONG says "headers" | headers.from | != ${topic.orders}                       | 3s   |
      | WRONG says "headers" | headers.from | != orders                                | 3s   |
      | WRONG says "value"   | value.from   | ${topic.by-user}                         | 3s   |

  Scenario: RIGHT names that the cluster has, in a log
    Given application "totals" is the command "env HOW=fine python3 made-by-itself/app.py" in group "totals" reading "orders"
    When the record "{\"user\": \"u1\"}" is sent to "orders"
    Then within 20s "totals" said "sent on ${topic.orders} to ${topic.by-user}" exactly 1 time
    When the command "echo into ${topic.by-user}" is run
    Then its output contains "into ${topic.by-user}"

  Scenario: WRONG says "has said no line" of a name in a log
    Given application "totals" is the command "env HOW=fine python3 made-by-itself/app.py" in group "totals" reading "orders"
    When the record "{\"user\": \"u1\"}" is sent to "orders"
    Then within 3s "totals" has said "sent on ${topic.by-user} to ${topic.by-user}"
