Feature: Worlds in which a topic has other partitions than claimed

  @wrong
  Scenario Outline: a topic that has grown
    Given topic "orders" with 1 partition
    When topic "orders" is grown to 3 partitions
    Then within 300ms topic "orders" has <amount> partitions

    Examples:
      | amount     |
      | exactly 1  |
      | at least 4 |
      | at most 2  |

  @empty
  Scenario Outline: no partition at all
    Given topic "orders" with 1 partition
    Then within 300ms topic "orders" has <amount> partitions

    Examples:
      | amount     |
      | no         |
      | at least 2 |
      | at most 0  |
