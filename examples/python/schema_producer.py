"""A producer whose schema evolves, with kafka-python and fastavro.

A version is registered before the first record by it, and nothing is written by one that the registry refuses.
"""

import io
import json
import os
import pathlib
import signal
import sys

import fastavro
from kafka import KafkaProducer
from kafka.errors import KafkaError

import registry

FILES = {"avro": ("AVRO", "user-v{}.avsc"), "json-schema": ("JSON", "customer-v{}.json")}


class Publisher:
    def __init__(self):
        env = os.environ
        self.topic, self.format, self.versions = env["TOPIC"], env["FORMAT"], env["VERSIONS"].split(",")
        self.schemas, self.users = pathlib.Path(env["SCHEMAS"]), int(env["USERS"])
        self.events = int(env["EVENTS_PER_VERSION"])
        self.registry = registry.Registry(env["REGISTRY"], int(env["BACKOFF_MS"]), int(env["BACKOFF_MAX_MS"]))
        self.producer = KafkaProducer(
            bootstrap_servers=env["BOOTSTRAP_SERVERS"].split(","),
            client_id=env["CLIENT_ID"],
            enable_idempotence=True,
            acks="all",
            linger_ms=100,  # what belongs together goes together; flush() does not wait for it
        )
        self.number = self.acknowledged = 0

    def run(self):
        for version in map(int, self.versions):
            kind, name = FILES[self.format]
            text = (self.schemas / name.format(version)).read_text()
            self.write(version, self.registry.register(f"{self.topic}-value", text, kind), json.loads(text))
        self.producer.close()
        print(f"acknowledged in all: {self.acknowledged}", flush=True)

    def write(self, version, number, schema):
        sent = []
        for event in range(self.number, self.number + self.events):
            user = f"u{event % self.users}"
            value = registry.MAGIC + number.to_bytes(4, "big") + self.encode(schema, self.event(version, event, user))
            sent.append((user, self.producer.send(self.topic, key=user.encode(), value=value)))
        self.number += self.events
        self.producer.flush()
        failed = None
        for user, future in sent:
            try:
                future.get()
                self.acknowledged += 1
            except KafkaError as error:
                failed = error
                print(f"msg=undelivered topic={self.topic} key={user} error={error!r}", flush=True)
        if failed:
            sys.exit(f"records by version {version} were not acknowledged: {failed!r}")

    def event(self, version, number, user):
        """The application's own code changes with its schema."""
        event = {"id": user, "age": 20 + number % 60}
        if version in (2, 3):
            event["email"] = f"{user}@a.org"
        if version >= 3:
            event["country"] = "NO"
        if version >= 5:
            event["age"] += 3_000_000_000 if self.format == "avro" else 0.5  # no int has room for it
        if version >= 6:
            event["user_id"] = event.pop("id")
        return event

    def encode(self, schema, event):
        if self.format == "json-schema":
            return json.dumps(event).encode()
        encoded = io.BytesIO()
        fastavro.schemaless_writer(encoded, schema, event)
        return encoded.getvalue()


def main(publisher=Publisher):
    application = publisher()
    signal.signal(signal.SIGTERM, lambda *_: application.registry.stopping.set())
    try:
        application.run()
    except registry.Stopped:
        pass
    except registry.Refused as refused:
        sys.exit(str(refused))


if __name__ == "__main__":
    main()
