Feature: Topics that an application makes, with names that it cannot be told
  Each scenario finds none of those that the one before has left.

  Scenario Outline: RIGHT orders by their user, <n>
    Given topic "shop.orders" with 1 partition
    And topic "by-user" is made by an application as "shop-totals-by-user-repartition"
    And topic "retry.shop.orders" is made by an application
    And application "totals" is the profile's "shop-totals" in group "shop-totals" reading "shop.orders"
    When the record "{\"user\": \"u1\"}" is sent to "shop.orders"
    And the record "not json" is sent to "shop.orders"
    Then within 20s "by-user" contains exactly 1 record
    And within 20s "retry.shop.orders" contains exactly 1 record

    Examples:
      | n |
      | 1 |
      | 2 |
