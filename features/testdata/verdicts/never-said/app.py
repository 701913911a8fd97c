"""Says of each record that it has handled it, and before that what it is told to say."""

import os
import sys

from confluent_kafka import Consumer

says = sys.argv[1]
consumer = Consumer({
    "bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"],
    "client.id": os.environ["KAFKA_CLIENT_ID"],
    "group.id": os.environ["KAFKA_GROUP_ID"],
    "auto.offset.reset": "earliest",
    "enable.auto.commit": False,
})
consumer.subscribe(os.environ["KAFKA_INPUT_TOPICS"].split(","))
while True:
    record = consumer.poll(0.1)
    if record is None or record.error():
        continue
    place = f"{record.topic()} {record.partition()} {record.offset()}"
    if says == "again":
        print("again", place, flush=True)
    if says == "warned":
        print("warned", place, "country", flush=True)
    if says == "assigned":
        print(f"msg=assigned topic={record.topic()} partitions={record.partition()}", flush=True)
    print("handled", place, flush=True)
    consumer.commit(record, asynchronous=False)
