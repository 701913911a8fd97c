"""A consumer with a dead-letter topic, in Python: what kafkaspec tells an application stands in its environment."""

import json
import os
import signal

from kafka import KafkaConsumer, KafkaProducer

stopping = False


def stop(*_):
    global stopping
    stopping = True


signal.signal(signal.SIGTERM, stop)
servers = os.environ["KAFKA_BOOTSTRAP_SERVERS"].split(",")
consumer = KafkaConsumer(
    os.environ["KAFKA_INPUT_TOPICS"],
    bootstrap_servers=servers,
    group_id=os.environ["KAFKA_GROUP_ID"],
    client_id=os.environ["KAFKA_CLIENT_ID"],
    enable_auto_commit=False,
    auto_offset_reset="earliest",
)
producer = KafkaProducer(bootstrap_servers=servers, acks="all")
while not stopping:
    # Without partitions it waits for them as long as it takes: kafka-python (3.0.12) loses an assignment that comes after the
    # poll it belongs to has given up, when the topic's metadata made it join, and then reads nothing for ever.
    timeout = 200 if consumer.assignment() else 10_000
    for records in consumer.poll(timeout_ms=timeout).values():
        for r in records:
            try:
                json.loads(r.value)
            except ValueError:
                place = {"topic": r.topic, "partition": r.partition, "offset": r.offset}
                source = [(f"dlq-source-{name}", str(value).encode()) for name, value in place.items()]
                letter = producer.send(os.environ["KAFKA_TOPIC_ORDERS_DLQ"], key=r.key, value=r.value, headers=list(r.headers) + source)
                letter.get()
                print(f"set aside {r.topic} {r.partition} {r.offset}", flush=True)
            else:
                print(f"handled {r.topic} {r.partition} {r.offset}", flush=True)
        consumer.commit()
consumer.close()
