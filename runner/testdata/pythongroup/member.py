"""A member of a consumer group, in Python with librdkafka: it hands its partitions over when they are revoked."""

import os
import signal
import time

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

stopping = False
done = {}  # by topic and partition: the offset to be read next


def stop(*_):
    global stopping
    stopping = True


def commit(consumer, partitions):
    marked = [TopicPartition(p.topic, p.partition, done[p.topic, p.partition]) for p in partitions if (p.topic, p.partition) in done]
    if not marked:
        return
    try:
        consumer.commit(offsets=marked, asynchronous=False)
    except KafkaException as e:  # a rebalance got in the way: what is marked goes with the next commit
        if e.args[0].code() not in (KafkaError.ILLEGAL_GENERATION, KafkaError.REBALANCE_IN_PROGRESS):
            raise


def assigned(consumer, partitions):
    for p in partitions:
        done.pop((p.topic, p.partition), None)


def revoked(consumer, partitions):
    if "FORGETFUL" not in os.environ:
        commit(consumer, partitions)
    for p in partitions:
        done.pop((p.topic, p.partition), None)


def lost(consumer, partitions):
    for p in partitions:
        done.pop((p.topic, p.partition), None)


signal.signal(signal.SIGTERM, stop)
consumer = Consumer({
    "bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"],
    "client.id": os.environ["KAFKA_CLIENT_ID"],
    "group.id": os.environ["KAFKA_GROUP_ID"],
    "partition.assignment.strategy": "cooperative-sticky",
    "auto.offset.reset": "earliest",
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "heartbeat.interval.ms": 200,
    "session.timeout.ms": 6000,
})
consumer.subscribe([os.environ["KAFKA_INPUT_TOPICS"]], on_assign=assigned, on_revoke=revoked, on_lost=lost)
count = 0
while not stopping:
    message = consumer.poll(0.2)
    if message is None or message.error():
        commit(consumer, consumer.assignment())  # nothing to do: a good moment
        continue
    time.sleep(0.002)
    print(f"handled {message.topic()} {message.partition()} {message.offset()}", flush=True)
    done[message.topic(), message.partition()] = message.offset() + 1
    count += 1
    if count % 100 == 0 and "FORGETFUL" not in os.environ:
        commit(consumer, consumer.assignment())
consumer.close()
