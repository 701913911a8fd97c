Feature: Applications with names of their own
  What they asked for is known from the wire.

  Background:
    Given topic "orders" with 1 partition
    And topic "shipments" with 1 partition

  Scenario Outline: <how>
    Given application "app" is the profile's "<entry>" in group "shipping" reading "orders"
      | how | <how> |
    When the record "a" is sent to "orders"
    Then "shipments" contains exactly 1 record

    Examples:
      | how                 | entry |
      | own topic           | app   |
      | own topic and group | app   |
      | own group           | app   |
      | topics besides      | app   |
      | tls                 | app   |
      | sasl                | app   |
      | all topics          | app   |

  Scenario: fixed
    Given application "app" is the profile's "fixed" in group "shipping" reading "orders"
    When the record "a" is sent to "orders"
    Then "shipments" contains exactly 1 record
