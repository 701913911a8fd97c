"""Reads, works, commits, and logs as JSON, which no pattern reads unless the profile has one."""

import json
import os

from confluent_kafka import Consumer

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
    if record.value() != os.environ.get("SKIPPED", "").encode():
        print(json.dumps({"msg": "processed", "topic": record.topic(), "partition": record.partition(),
                          "offset": record.offset()}), flush=True)
    consumer.commit(record, asynchronous=False)
