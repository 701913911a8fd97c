"""A member of a consumer group, with librdkafka, that works on a record for 2 ms.

    python3 member.py PROTOCOL [MISTAKE]

PROTOCOL is consumer, for KIP-848, or an assignor of the classic protocol. MISTAKE is one of those below."""

import os
import signal
import sys
import time

from confluent_kafka import Consumer, KafkaException, TopicPartition

PROTOCOL = sys.argv[1]
MISTAKE = sys.argv[2] if len(sys.argv) > 2 else ""
if MISTAKE not in ("", "commits-after-losing", "commits-ahead", "works-on"):
    sys.exit(f"unknown mistake {MISTAKE}")

stopping = False
done = {}  # by partition: the offset to be read next
gone = {}  # the same of those that were given up without a commit, of a mistake
queue = []  # what is in hand, of a mistake


def stop(*_):
    global stopping
    stopping = True


def commit(consumer, marks):
    offsets = [TopicPartition(TOPIC, p, offset) for p, offset in marks.items()]
    if not offsets:
        return
    for _ in range(50):
        try:
            consumer.commit(offsets=offsets, asynchronous=False)
            return
        except KafkaException as e:
            print(f"level=WARN msg=commit error={e.args[0].name()}", flush=True)
            if e.args[0].name() not in ("REBALANCE_IN_PROGRESS", "_STATE", "STALE_MEMBER_EPOCH"):
                return  # of one that the group does not know any more: the records are somebody else's
            time.sleep(0.02)


def assigned(_consumer, partitions):
    print(f"level=INFO msg=assigned topic={TOPIC} partitions={','.join(str(p.partition) for p in partitions)}", flush=True)


def revoked(consumer, partitions):
    marks = {p.partition: done.pop(p.partition) for p in partitions if p.partition in done}
    if MISTAKE == "commits-after-losing":
        gone.update(marks)
    else:
        commit(consumer, marks)


def lost(_consumer, partitions):
    for p in partitions:
        offset = done.pop(p.partition, None)
        if MISTAKE == "commits-after-losing" and offset is not None:
            gone[p.partition] = offset


def work(message):
    time.sleep(0.002)
    print(f"level=INFO msg=processed topic={message.topic()} partition={message.partition()} offset={message.offset()} "
          f"key={message.key().decode()}", flush=True)


def take(consumer):
    """Works on what comes next. Callbacks run in poll and consume only, so nothing is in hand in them."""
    message = consumer.poll(0.1)
    if message is None or message.error():
        return
    work(message)
    done[message.partition()] = message.offset() + 1


def take_ahead(consumer):
    """Commits what it has fetched, and then works on it."""
    messages = [m for m in consumer.consume(200, 0.1) if not m.error()]
    done.update({m.partition(): m.offset() + 1 for m in messages})
    commit(consumer, done)
    for m in messages:
        if stopping:
            return
        work(m)


def take_on(consumer):
    """Has more in hand than it works on before it asks again, and does not look whether it has lost some meanwhile."""
    queue.extend(m for m in consumer.consume(200, 0.1) if not m.error())
    for m in queue[:20]:
        work(m)
        if m.partition() in held(consumer):
            done[m.partition()] = m.offset() + 1
    del queue[:20]


def held(consumer):
    return {p.partition for p in consumer.assignment()}


signal.signal(signal.SIGTERM, stop)
TOPIC = os.environ["KAFKA_INPUT_TOPICS"]
settings = {
    "bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"],
    "group.id": os.environ["KAFKA_GROUP_ID"],
    "auto.offset.reset": "earliest",
    "enable.auto.commit": False,
    "retry.backoff.ms": 20,
    "reconnect.backoff.ms": 20,
    "fetch.wait.max.ms": 100,
}
if PROTOCOL == "consumer":
    settings["group.protocol"] = "consumer"
else:
    settings |= {"partition.assignment.strategy": PROTOCOL, "heartbeat.interval.ms": 200, "session.timeout.ms": 4000}
consumer = Consumer(settings)
consumer.subscribe([TOPIC], on_assign=assigned, on_revoke=revoked, on_lost=lost)
committed = time.monotonic()
while not stopping:
    {"commits-ahead": take_ahead, "works-on": take_on}.get(MISTAKE, take)(consumer)
    if time.monotonic() - committed > 0.1:
        commit(consumer, done)
        committed = time.monotonic()
        if MISTAKE == "commits-after-losing" and set(gone) - held(consumer):
            commit(consumer, gone)
            gone.clear()
consumer.close()
