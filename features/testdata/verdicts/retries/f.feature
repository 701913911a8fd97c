@any-cluster
Feature: Waits between attempts of a client

  Scenario Outline: <verdict> <what><says>
    Given topic "events" with 1 partition
    And application "app" is the command "python3 retries/prod.py <args>" writing "events"
    And the next <n> Produce requests from "app" fail with NOT_LEADER_OR_FOLLOWER
    When within 30s application "app" has finished
    Then within 1s the retries of "app" to "events" wait 100ms, growing by 1 up to 1s, within 30%

    Examples:
      | verdict | what                            | says                  | n  | args |
      | RIGHT   | idempotent                      |                       | 3  | 20 enable.idempotence=true retry.backoff.ms=100 retry.backoff.max.ms=100 |
      | RIGHT   | not idempotent                  |                       | 3  | 20 retry.backoff.ms=100 retry.backoff.max.ms=100 |
      | RIGHT   | not idempotent, many on the way |                       | 45 | 200 retry.backoff.ms=100 retry.backoff.max.ms=100 batch.num.messages=10 linger.ms=0 |
      | WRONG   | waits too little                | , says "early retry"  | 3  | 20 enable.idempotence=true retry.backoff.ms=1 retry.backoff.max.ms=1 |
      | WRONG   | not idempotent, too little      | , says "early retry"  | 45 | 200 retry.backoff.ms=1 retry.backoff.max.ms=1 batch.num.messages=10 linger.ms=0 |
      | WRONG   | one attempt each                | , says "inconclusive" | 1  | 200 retry.backoff.ms=100 retry.backoff.max.ms=100 batch.num.messages=10 linger.ms=0 |
