"""A producer of very many events, with kafka-python.

A user's events keep their order, on one partition, and only what the cluster has acknowledged is counted.
"""

import json
import os
import sys
import threading
import time

from kafka import KafkaProducer


class Loader:
    def __init__(self):
        self.topic = os.environ["TOPIC"]
        self.events = int(os.environ["EVENTS"])
        self.users = int(os.environ["USERS"])
        compression = os.environ["COMPRESSION"]
        self.producer = KafkaProducer(
            bootstrap_servers=os.environ["BOOTSTRAP_SERVERS"].split(","),
            client_id=os.environ["CLIENT_ID"],
            enable_idempotence=True,
            acks="all",
            compression_type=None if compression == "none" else compression,
            linger_ms=10,
            max_block_ms=60_000,
        )
        self.lock = threading.Lock()
        self.acknowledged = self.refused = 0

    def run(self):
        told = time.monotonic()
        for number in range(self.events):
            user = f"user-{number % self.users:06d}"
            self.send(user.encode(), json.dumps({"seq": number, "user": user}).encode())
            if time.monotonic() - told > 1:
                told = time.monotonic()
                print(f"acknowledged so far: {self.acknowledged}", flush=True)
        self.producer.flush()
        self.producer.close()
        print(f"acknowledged in all: {self.acknowledged}", flush=True)
        return self.refused

    def send(self, key, value):
        future = self.producer.send(self.topic, key=key, value=value)
        future.add_callback(self.count)
        future.add_errback(lambda error: self.note(key, error))

    def count(self, _):
        with self.lock:
            self.acknowledged += 1

    def note(self, key, error):
        with self.lock:
            self.refused += 1
        print(f"refused {key.decode()}: {error!r}", flush=True)


def main(loader=Loader):
    refused = loader().run()
    if refused:
        sys.exit(f"{refused} events were refused")


if __name__ == "__main__":
    main()
