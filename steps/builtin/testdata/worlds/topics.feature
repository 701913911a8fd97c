Feature: Worlds in which a topic has other partitions than claimed

  @wrong
  Scenario: a topic that has grown
    Given topic "orders" with 1 partition
    When topic "orders" is grown to 3 partitions
    Then within 300ms topic "orders" has 1 partition

  @empty
  Scenario: no partition at all
    Given topic "orders" with 1 partition
    Then within 300ms topic "orders" has 0 partitions
