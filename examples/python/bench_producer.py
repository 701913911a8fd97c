"""Measures how fast a cluster takes events, with confluent-kafka.

Only what was acknowledged counts, after the warm-up. At a fixed rate an event carries the time at which it was due,
also where it was sent late: a stall counts for each event that should have been sent while it lasted.
"""

import os
import sys
import time

from confluent_kafka import Producer


class Load:
    def __init__(self):
        env = os.environ
        self.topic, self.events, self.warm_up = env["TOPIC"], int(env["EVENTS"]), int(env["WARM_UP"])
        self.rate, self.size = float(env["RATE"]), int(env["RECORD_SIZE"])
        self.producer = Producer({
            "bootstrap.servers": env["BOOTSTRAP_SERVERS"],
            "client.id": env["CLIENT_ID"],
            "enable.idempotence": True,
            "compression.type": env["COMPRESSION"],
            "queue.buffering.max.messages": int(env["BUFFER"]),
        })
        self.acknowledged = self.refused = 0
        self.warm = time.monotonic()

    def run(self):
        partitions = len(self.producer.list_topics(self.topic, timeout=10).topics[self.topic].partitions)
        start = time.time_ns()
        for number in range(self.events):
            self.send(number, self.due(number, start), number % partitions)
        self.producer.flush()
        seconds = time.monotonic() - self.warm
        rate = (self.acknowledged - self.warm_up) / seconds
        print(f"msg=done acknowledged={self.acknowledged} warm-up={self.warm_up} seconds={seconds:.3f} rate={rate:.0f}",
              flush=True)
        return self.refused

    def due(self, number, start):
        """When an event is to be sent, in nanoseconds; waits for it."""
        now = time.time_ns()
        if not self.rate:
            return now
        due = start + int(number * 1e9 / self.rate)
        while now < due:
            self.producer.poll((due - now) / 1e9)
            now = time.time_ns()
        return due

    def send(self, number, due, partition):
        value = f'{{"sent":{due},"seq":{number},"pad":"'
        value += "x" * (self.size - len(value) - 2) + '"}'
        while True:
            try:
                self.producer.produce(self.topic, value, partition=partition, on_delivery=self.delivered)
                self.producer.poll(0)
                return
            except BufferError:  # the cluster is slower than we are
                self.producer.poll(0.01)

    def delivered(self, error, _):
        if error is not None:
            self.refused += 1
            return
        self.acknowledged += 1
        if self.acknowledged == self.warm_up:
            self.warm = time.monotonic()


def main(load=Load):
    refused = load().run()
    if refused:
        sys.exit(f"{refused} events were refused")


if __name__ == "__main__":
    main()
