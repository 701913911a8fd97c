@any-cluster
Feature: Applications that talk on and on
  What a step searches for is found however much is said behind it.

  Scenario Outline: <v> <claim><says>
    Given topic "orders" with 1 partition
    And application "app" is the command "python3 talks-on/talk.py" writing "orders"
    When within 30s application "app" has finished
    Then <claim>

    Examples:
      | v     | claim                               | says                    |
      | WRONG | "app" said "out of paper" no times  | , says "got 1 line"     |
      | RIGHT | "app" said "out of paper" 1 time    |                         |
      | RIGHT | "app" said "tick" exactly 20k times |                         |
      | WRONG | "app" said "tick" exactly 10k times | , says "got 20000 line" |
