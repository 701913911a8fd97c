"""Joins each payment with the user of its time, exactly once, with confluent-kafka.

A record of users says what is known of the user from its time on; one without a value removes the user. The time of a
partition is the newest one it has seen, of either topic. A payment is decided when that has reached its own time and
`wait`, and not before: until then a user that was in force may still come. So any order of arrival gives the same.
"""

import bisect
import json
import os
import sys
import time

import exactly_once


class Unmatched(Exception):
    """There is no user for a payment; says why."""


class Joiner(exactly_once.ExactlyOnce):
    def __init__(self):
        env = os.environ
        super().__init__([env["USERS_TOPIC"], env["PAYMENTS_TOPIC"]], env["CHANGELOG_TOPIC"])
        self.users, self.payments = self.topics
        self.enriched, self.unmatched = env["ENRICHED_TOPIC"], env["UNMATCHED_TOPIC"]
        self.wait, self.history, self.buffer = (int(env[name]) for name in ("WAIT_MS", "HISTORY_MS", "BUFFER"))

    def run(self):
        want, got = (self.partitions(topic) for topic in self.topics)
        if got != want:  # a user and its payments would not meet
            sys.exit(f"{self.payments} has {got} partitions, want {want}, as {self.users} has")
        super().run()

    def partitions(self, topic):
        while not (found := self.consumer.list_topics(topic, timeout=10).topics[topic].partitions):
            time.sleep(0.1)  # a new topic has none at first
        return len(found)

    def fresh(self):
        # users: by key, versions [time, value], the oldest first; cut: who had older ones; waiting: payments, likewise
        return {"now": 0, "users": {}, "cut": [], "waiting": []}

    def process(self, task, message):
        state, at, key = task.state, message.timestamp()[1], text(message.key())
        if message.topic() == self.users:
            bisect.insort(state["users"].setdefault(key, []), [at, text(message.value())], key=lambda v: v[0])
        else:
            headers = [(name, text(value)) for name, value in message.headers() or []]
            payment = [at, message.offset(), key, text(message.value()), headers]
            bisect.insort(state["waiting"], payment, key=lambda p: p[:2])
        state["now"] = max(state["now"], at)
        while state["waiting"] and self.over(state["waiting"][0][0], state["now"]):
            yield self.decide(state, state["waiting"].pop(0))
        while len(state["waiting"]) > self.buffer:
            yield self.aside(state["waiting"].pop(0), "buffer-full")
        self.forget(state, key)

    def over(self, at, now):
        """Whether the wait of a payment is over."""
        return at + self.wait <= now

    def forget(self, state, key):
        """Forgets versions of a user that no payment can need that is not older than `history`."""
        versions, horizon = state["users"].get(key, []), state["now"] - self.history
        while len(versions) > 1 and versions[1][0] <= horizon:
            versions.pop(0)
            if key not in state["cut"]:
                state["cut"].append(key)

    def decide(self, state, payment):
        at, _, key, value, headers = payment
        try:
            user = self.in_force(state, key, at)
            joined = {**json.loads(value), "user": json.loads(user)}
        except Unmatched as unmatched:
            return self.aside(payment, str(unmatched))
        except (TypeError, ValueError):
            return self.aside(payment, "not-json")
        return record(self.enriched, at, key, json.dumps(joined), headers)

    def in_force(self, state, key, at):
        versions = state["users"].get(key, [])
        number = bisect.bisect_right(versions, at, key=lambda v: v[0])
        if number == 0 and key in state["cut"]:
            raise Unmatched("too-old")  # nobody knows any more
        if number == 0 or versions[number - 1][1] is None:
            raise Unmatched("no-user")
        return versions[number - 1][1]

    def aside(self, payment, reason):
        at, _, key, value, headers = payment
        return record(self.unmatched, at, key, value, [*headers, ("join-reason", reason)])


def record(topic, at, key, value, headers):
    return {"topic": topic, "timestamp": at, "key": octets(key), "value": octets(value),
            "headers": [(name, octets(value)) for name, value in headers]}


def text(octets):
    """Bytes as JSON can hold them, whatever they are."""
    return octets if octets is None else octets.decode(errors="surrogateescape")


def octets(text):
    return text if text is None else text.encode(errors="surrogateescape")


if __name__ == "__main__":
    exactly_once.main(Joiner)
