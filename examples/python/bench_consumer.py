"""Checks and times each event of a benchmark, with aiokafka.

Latency runs from the time in the event to the moment that the application has it. Each event must come once, and in
order on its partition: a benchmark that loses some is a fast one.
"""

import asyncio
import collections
import json
import os
import sys
import time

from aiokafka import AIOKafkaConsumer


class Meter:
    def __init__(self):
        env = os.environ
        self.topic, self.events, self.warm_up = env["TOPIC"], int(env["EVENTS"]), int(env["WARM_UP"])
        self.producers, self.patience = int(env["PRODUCERS"]), int(env["PATIENCE_MS"]) / 1000
        self.every = int(env["PROGRESS_EVERY_MS"]) / 1000
        self.servers, self.client = env["BOOTSTRAP_SERVERS"], env["CLIENT_ID"]
        self.seen = bytearray(self.events)
        self.latest = collections.defaultdict(lambda: -1)  # by partition and producer
        self.latencies = collections.Counter()  # seconds to three digits: it does not grow with the number of events
        self.records = self.received = 0  # of events each is received once
        self.wrong = {"lost": [], "repeated": [], "reordered": [], "foreign": []}

    async def run(self):
        consumer = AIOKafkaConsumer(self.topic, bootstrap_servers=self.servers, client_id=self.client,
                                    auto_offset_reset="earliest")
        await consumer.start()
        try:
            await self.read(consumer)
        finally:
            await consumer.stop()

    async def read(self, consumer):
        last = told = warm = time.monotonic()
        while self.received < self.events or not await self.at_end(consumer):
            fetched, now = await consumer.getmany(timeout_ms=50), time.monotonic()
            if fetched:
                last = now
            elif now - last > self.patience:
                break
            for partition, records in fetched.items():
                for record in records:
                    self.check(partition.partition, record)
            if self.received <= self.warm_up:
                warm = now
            if now - told > self.every:
                told = now
                print(f"msg=progress received={self.received}", flush=True)
        self.wrong["lost"] = [f"seq {number} never came" for number, seen in enumerate(self.seen) if not seen]
        self.tell(max(last - warm, 1e-9))

    def tell(self, seconds):
        timed = self.latencies.total()
        wrong = " ".join(f"{kind}={len(events)}" for kind, events in self.wrong.items())
        figures = " ".join(f"{name}={self.percentile(share) * 1000:.3f}ms" for name, share in (
            ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("max", 1)))
        print(f"msg=done events={self.events} producers={self.producers} records={self.records} "
              f"received={self.received} {wrong} timed={timed} rate={timed / seconds:.0f} {figures}", flush=True)

    async def at_end(self, consumer):
        ends = await consumer.end_offsets(consumer.assignment())
        return all([await consumer.position(partition) >= end for partition, end in ends.items()])

    def check(self, partition, record):
        self.records += 1
        place = f"at partition {partition} offset {record.offset}"
        try:
            event = json.loads(record.value)
            number, sent = event["seq"], self.sent(event, record)
        except (TypeError, ValueError, KeyError):
            number = self.events
        if number >= self.events:
            self.wrong["foreign"].append(f"no event of this run {place}")
            return
        if self.seen[number]:
            self.wrong["repeated"].append(f"seq {number} came again {place}")
            return
        self.seen[number] = True
        self.received += 1
        producer = partition, number % self.producers
        if number < self.latest[producer]:
            self.wrong["reordered"].append(f"seq {number} {place} stands behind {self.latest[producer]}")
        self.latest[producer] = max(self.latest[producer], number)
        if number >= self.warm_up:
            self.latencies[float(f"{time.time() - sent:.2e}")] += 1

    def sent(self, event, record):
        """When an event was due, in seconds."""
        return event["sent"] / 1e9

    def percentile(self, share):
        left = share * self.latencies.total()
        for latency, count in sorted(self.latencies.items()):
            left -= count
            if left <= 0:
                return latency
        return 0


def main(meter=Meter):
    application = meter()
    asyncio.run(application.run())
    wrong = sum(application.wrong.values(), [])
    if wrong:
        sys.exit("; ".join(wrong[:5]))


if __name__ == "__main__":
    main()
