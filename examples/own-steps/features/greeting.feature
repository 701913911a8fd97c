Feature: greeting
  Rule: every name is answered, and no answer is lost
    Scenario: the greeter answers each name
      Given topic "names" with 1 partition
      And topic "greetings" with 1 partition
      And application "greeter" is the reference "greeter" in group "greeters" reading "names"
      And these records are in "names":
        | key | value |
        | 1   | Ada   |
        | 2   | Alan  |
      When "greeter" has answered 2 names in "greetings"
      Then "greetings" contains exactly:
        | key | value     |
        | 1   | Hi, Ada!  |
        | 2   | Hi, Alan! |
      And every greeting in "greetings" is polite
      And every write of "greeter" to "greetings" waits for all replicas

    Scenario: no greeting is rude, and none comes twice
      Given topic "names" with 1 partition
      And topic "greetings" with 1 partition
      And application "greeter" is the reference "greeter" in group "greeters" reading "names"
      And these records are in "names":
        | key | value |
        | 1   | Ada   |
      When "greeter" has answered 1 name in "greetings"
      Then every greeting in "greetings" is polite
      And "greetings" has a greeting for each name in "names"
