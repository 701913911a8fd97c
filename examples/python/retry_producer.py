"""A producer that gets each record into its topic once and in order, with confluent-kafka.

The client does all the sending again. It knows the sequence number of each record, so the broker recognises one that
is already there, although its acknowledgement was lost. A program that calls produce() a second time makes a second
record of it. What the client gives up on is final: it goes to the dead-letter topic, and the records behind it go on.
"""

import datetime
import json
import os
import sys

from confluent_kafka import KafkaError, KafkaException, Producer

# Where the client's name of an error is not Kafka's.
NAMES = {
    KafkaError.MSG_SIZE_TOO_LARGE: "MESSAGE_TOO_LARGE",
    KafkaError.INVALID_MSG: "CORRUPT_MESSAGE",
    KafkaError.NOT_LEADER_FOR_PARTITION: "NOT_LEADER_OR_FOLLOWER",
    KafkaError.UNKNOWN_TOPIC_OR_PART: "UNKNOWN_TOPIC_OR_PARTITION",
    KafkaError._UNKNOWN_TOPIC: "UNKNOWN_TOPIC_OR_PARTITION",
    KafkaError._UNKNOWN_PARTITION: "UNKNOWN_TOPIC_OR_PARTITION",
}
# What the client tries again. When it hands one of these over, all attempts are used.
TRANSIENT = {
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.NOT_ENOUGH_REPLICAS,
    KafkaError.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
    KafkaError.REQUEST_TIMED_OUT,
    KafkaError._TRANSPORT,
    KafkaError._MSG_TIMED_OUT,
}


class Undelivered(Exception):
    """A record is neither in its topic nor in the one for dead letters."""


class Sender:
    def __init__(self):
        self.topic, self.dead_letters = os.environ["TOPIC"], os.environ["DEAD_LETTER_TOPIC"]
        self.events, self.round = int(os.environ["EVENTS"]), int(os.environ["ROUND"])
        self.attempts = int(os.environ["ATTEMPTS"])
        self.oversize_every = int(os.environ["OVERSIZE_EVERY"])
        start = os.environ["START"]
        self.start = datetime.datetime.fromisoformat(start.replace("Z", "+00:00")).timestamp() if start else None
        self.acknowledged = 0
        self.producer = Producer(self.settings())

    def settings(self):
        return {
            "bootstrap.servers": os.environ["BOOTSTRAP_SERVERS"],
            "client.id": os.environ["CLIENT_ID"],
            "enable.idempotence": True,  # acks=all comes with it
            "partitioner": "murmur2_random",  # that of the Java client
            "message.send.max.retries": self.attempts - 1,
            # The wait doubles from retry to retry, and differs by up to 20%. The client has no setting for these.
            "retry.backoff.ms": int(os.environ["FIRST_DELAY_MS"]),
            "retry.backoff.max.ms": int(os.environ["MAX_DELAY_MS"]),
            "message.max.bytes": 10_000_000,  # what is too large is for the topic to say
            "batch.size": 10_000_000,
            "topic.metadata.propagation.max.ms": 5_000,  # how long a topic may be unknown
        }

    def run(self):
        # The first one goes alone: it is the one that finds the topic, or finds that there is none.
        self.deliver([self.event(0)])
        for first in range(1, self.events, self.round):
            self.deliver([self.event(number) for number in range(first, min(first + self.round, self.events))])
        print(f"acknowledged in all: {self.acknowledged}", flush=True)

    def event(self, number):
        key, value = f"user-{number % 10:06d}", {"seq": number}
        if self.oversize_every and (number + 1) % self.oversize_every == 0:
            value["pad"] = "x" * 100_000
        event = {"key": key, "value": json.dumps(value), "headers": [("seq", str(number).encode())]}
        if self.start is not None:
            event["timestamp"] = round(self.start * 1000) + number
        return event

    def deliver(self, events, tried=0):
        """Gets events into the topic, or sets them aside. They have been tried so many times before."""
        refused = self.send(self.topic, events)
        self.acknowledged += len(events) - len(refused)
        for event, error in refused:
            if len(events) > 1 and error.code() not in TRANSIENT:
                # One bad record has its whole batch refused. Each alone shows which one it is.
                self.deliver([event], tried + 1)
            else:
                self.set_aside(event, error, tried + (self.attempts if error.code() in TRANSIENT else 1))

    def send(self, topic, events):
        """Returns the events that were refused for good, each with its error."""
        refused = []

        def delivered(event, error):
            if error is not None:
                refused.append((event, error))

        for event in events:
            report = lambda error, _, event=event: delivered(event, error)  # noqa: E731
            try:
                self.produce(topic, {**event, "on_delivery": report})
            except KafkaException as error:
                delivered(event, error.args[0])
        self.producer.flush()
        return refused

    def produce(self, topic, record):
        try:
            self.producer.produce(topic, **record)
        except KafkaException:  # the client remembers that the topic could not be written; perhaps it can by now
            self.producer.list_topics(topic, timeout=10)
            self.producer.produce(topic, **record)

    def set_aside(self, event, error, attempts):
        reason = {
            "dlq-source-topic": self.topic,
            "dlq-error-class": name(error),
            "dlq-error-message": f"{name(error)}: {error.str()}",
            "dlq-attempts": attempts,
        }
        letter = {**event, "headers": event["headers"] + [(k, str(v).encode()) for k, v in reason.items()]}
        for _, failed in self.send(self.dead_letters, [letter]):
            seq = event["headers"][0][1].decode()
            print(f"msg=undelivered topic={self.topic} key={event['key']} seq={seq} error={name(error)}", flush=True)
            raise Undelivered(f"event {seq} is not in {self.topic} ({name(error)}), nor in {self.dead_letters}: "
                              f"{name(failed)}")


def name(error):
    return NAMES.get(error.code(), error.name())


def main(sender=Sender):
    try:
        sender().run()
    except Undelivered as undelivered:
        sys.exit(str(undelivered))


if __name__ == "__main__":
    main()
