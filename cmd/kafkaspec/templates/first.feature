# Run it: kafkaspec run first.feature      Find steps: kafkaspec steps dead letter      Check it: kafkaspec lint first.feature
Feature: Shipping
  A record that cannot be decoded must not stop its partition, and must not be lost.

  Background:
    Given topic "orders" with 3 partitions
    And topic "orders_dlq" with 1 partition
    # A reference application to begin with. To test your own, describe it in kafkaspec.yaml and write instead:
    # And application "shipping" of the profile is in group "shipping" reading "orders"
    And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"

  Scenario: A poison pill is set aside, and the records behind it go on
    Given these records are in "orders":
      | key | value         |
      | u1  | {"amount": 5} |
      | u1  | not json      |
      | u1  | {"amount": 7} |
    When "shipping" has caught up with "orders"
    Then "shipping" processed exactly 2 records
    And "orders_dlq" contains exactly:
      | key | value    |
      | u1  | not json |
    And every record of "orders" was either processed by "shipping" or is in "orders_dlq", exactly once
