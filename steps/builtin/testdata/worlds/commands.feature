Feature: Worlds in which commands do not end as claimed

  @wrong
  Scenario Outline: a command that ends otherwise, <claim>
    When the command "sh -c 'exit 2'" is run
    Then the command has ended with 2
    When the command "sh -c 'exit 3'" is run
    Then within 300ms <claim>

    Examples:
      | claim                        |
      | the command has ended with 0 |
      | the command has ended with 2 |

  @wrong
  Scenario Outline: a command that says something else, <claim>
    When the command "echo 3 orders" is run
    And the command "sh -c 'echo 4 orders; echo failed >&2'" is run
    Then within 300ms <claim>

    Examples:
      | claim                                |
      | its output contains "3 orders"       |
      | its output does not contain "failed" |

  @wrong
  Scenario: a command that a signal ends
    When the command "sh -c 'kill -9 $$'" is run
    Then within 300ms the command has ended with 0

  @empty
  Scenario Outline: no command, <claim>
    Then within 300ms <claim>

    Examples:
      | claim                                |
      | the command has ended with 0         |
      | its output contains "3 orders"       |
      | its output does not contain "failed" |
