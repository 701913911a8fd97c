Feature: Nothing was shown
  What holds though nothing was looked at must not pass.

  Scenario: WRONG a commit past the end counts as no lag
    Given topic "orders" with 1 partition
    And 20 records are in "orders" partition 0
    And group "g" commits offset 1019 of "orders" partition 0
    When 5 records are sent to "orders" partition 0
    Then group "g" has no lag on "orders"
