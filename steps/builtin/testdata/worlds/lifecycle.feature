Feature: Worlds in which an application does not end, or run, as claimed

  Background:
    Given topic "orders" with 1 partition

  @wrong
  Scenario Outline: an application that finished
    Given application "shipping" is the reference "talker" writing "orders"
      | says | bye  |
      | ends | true |
    When application "shipping" has finished
    Then within 300ms <claim>

    Examples:
      | claim                                           |
      | application "shipping" fails with "bye"         |
      | application "shipping" has failed               |
      | application "shipping" is running               |

  @wrong
  Scenario Outline: an application that finished works on nothing
    Given application "shipping" is the command "sh -c 'exit 0'" in group "g" reading "orders"
    When application "shipping" is started
    And application "shipping" has finished
    Then within 300ms <claim>

    Examples:
      | claim                                                                    |
      | application "shipping" is killed while it works on a record of "orders" |
      | application "shipping" is paused while it works on a record of "orders" |

  @empty
  Scenario Outline: an application without a record works on nothing
    Given application "shipping" is the reference "group-consumer" in group "g" reading "orders"
    When application "shipping" is started
    Then within 300ms <claim>

    Examples:
      | claim                                                                    |
      | application "shipping" is killed while it works on a record of "orders" |
      | application "shipping" is paused while it works on a record of "orders" |

  @wrong
  Scenario: an application that finished was not killed
    Given application "shipping" is the command "sh -c 'echo bye'" writing "orders"
    When application "shipping" is started
    And application "shipping" has finished
    Then within 300ms application "shipping" has been killed

  @wrong
  Scenario: an application that failed
    Given application "shipping" is the command "sh -c 'exit 3'" writing "orders"
    When application "shipping" is started
    And application "shipping" has failed
    Then within 300ms application "shipping" has finished

  @wrong
  Scenario: an application that failed of something else
    Given application "shipping" is the command "sh -c 'echo out of ink; exit 3'" writing "orders"
    When application "shipping" is started
    And application "shipping" has failed
    Then within 300ms application "shipping" fails with "out of paper"

  @empty
  Scenario Outline: an application that runs
    Given application "shipping" is the reference "talker" writing "orders"
    When application "shipping" is started
    Then within 300ms <claim>

    Examples:
      | claim                                           |
      | application "shipping" fails with "out of"      |
      | application "shipping" has failed               |
      | application "shipping" has finished             |

  @empty
  Scenario: an application that runs was not killed
    Given application "shipping" is the command "sh -c 'sleep 60'" writing "orders"
    When application "shipping" is started
    Then within 300ms application "shipping" has been killed

  @empty
  Scenario: an application that was stopped does not run
    Given application "shipping" is the reference "talker" writing "orders"
    When application "shipping" is stopped
    Then within 300ms application "shipping" is running
