"""A consumer with dead letters, with confluent-kafka.

Each record is either handled or set aside in the dead-letter topic, as it was and with the reason, and only then is its
offset committed. All of a round is done before the next one is fetched, so a rebalance, which happens while records are
fetched, never finds anything unfinished.
"""

import json
import os
import signal
import sys

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

PASSING = KafkaError.ILLEGAL_GENERATION, KafkaError.UNKNOWN_MEMBER_ID, KafkaError.REBALANCE_IN_PROGRESS


class Refused(Exception):
    """A dead letter could not be written."""


class Shipping:
    def __init__(self):
        servers, client = os.environ["BOOTSTRAP_SERVERS"], os.environ["CLIENT_ID"]
        self.consumer = Consumer({
            "bootstrap.servers": servers,
            "client.id": client,
            "group.id": os.environ["GROUP_ID"],
            "session.timeout.ms": int(os.environ["SESSION_TIMEOUT_MS"]),
            "heartbeat.interval.ms": int(os.environ["SESSION_TIMEOUT_MS"]) // 4,
            "partition.assignment.strategy": "cooperative-sticky",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        })
        # Retries write no letter twice, and every in-sync replica has it.
        self.producer = Producer({"bootstrap.servers": servers, "client.id": client, "enable.idempotence": True})
        self.dead_letters = os.environ["DEAD_LETTER_TOPIC"]
        self.refused = []
        self.done = {}  # by topic and partition: what the group is to be told
        self.running = True

    def run(self):
        self.consumer.subscribe([os.environ["TOPIC"]], on_revoke=self.gone, on_lost=self.gone)
        try:
            while self.running:
                self.round(self.consumer.consume(num_messages=500, timeout=0.1))
        finally:
            self.consumer.close()

    def round(self, messages):
        for message in messages:
            if message.error():
                self.note(message.error())
                continue
            try:
                self.handle(message)
            except ValueError as error:
                self.set_aside(message, error)
            self.done[message.topic(), message.partition()] = message.offset() + 1
        if self.done:
            self.settle()

    def handle(self, message):
        if message.value() is not None:  # a tombstone says nothing
            json.loads(message.value())
        print(f"handled {message.topic()} {message.partition()} {message.offset()}", flush=True)

    def set_aside(self, message, error):
        headers = message.headers() or []
        attempts = 1 + max((int(value) for name, value in headers if name == "dlq-attempts"), default=0)
        reason = {
            "source-topic": message.topic(),
            "source-partition": message.partition(),
            "source-offset": message.offset(),
            "source-timestamp": message.timestamp()[1],
            "error-class": "decode",
            "error-message": f"not JSON: {error}",
            "attempts": attempts,
        }
        self.producer.produce(
            self.dead_letters,
            key=message.key(),
            value=message.value(),
            timestamp=message.timestamp()[1],
            headers=[h for h in headers if h[0] != "dlq-attempts"]
            + [(f"dlq-{name}", str(value).encode()) for name, value in reason.items()],
            on_delivery=lambda failed, _: failed and self.refused.append((message, failed)),
        )

    def settle(self):
        """Waits until every dead letter is safe, then commits what is done."""
        self.producer.flush()
        for message, _ in self.refused:  # what stands before it is done
            place = message.topic(), message.partition()
            if place in self.done:
                self.done[place] = min(self.done[place], message.offset())
        self.commit()
        for message, failed in self.refused:
            raise Refused(f"dead letter of topic={message.topic()} partition={message.partition()} "
                          f"offset={message.offset()} refused: {failed}")

    def commit(self):
        try:
            offsets = [TopicPartition(*place, offset) for place, offset in self.done.items()]
            for p in self.consumer.commit(offsets=offsets, asynchronous=False):
                if p.error:
                    raise KafkaException(p.error)
                del self.done[p.topic, p.partition]
        except KafkaException as error:  # whoever is a member in the next generation is told then, or reads these again
            if error.args[0].code() not in PASSING:
                raise

    def gone(self, _, partitions):
        for p in partitions:
            self.done.pop((p.topic, p.partition), None)

    def note(self, error):
        if error.fatal():
            raise KafkaException(error)
        print(f"trouble: {error}", flush=True)

    def stop(self, *_):
        self.running = False


def main(shipping=Shipping):
    application = shipping()
    signal.signal(signal.SIGTERM, application.stop)
    try:
        application.run()
    except Refused as refused:
        sys.exit(str(refused))


if __name__ == "__main__":
    main()
