"""Sends 200 records with five batches on the way at a time, as an idempotent producer or as none."""

import json
import os
import sys

from confluent_kafka import Producer

producer = Producer({
    "bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"],
    "client.id": os.environ["KAFKA_CLIENT_ID"],
    "acks": "all",
    "enable.idempotence": sys.argv[1] == "idempotent",
    "max.in.flight.requests.per.connection": 5,
    "batch.num.messages": 5,
    "linger.ms": 0,
    "retry.backoff.ms": 50,
})
for number in range(200):
    producer.produce(os.environ["KAFKA_OUTPUT_TOPICS"], key="user-1", value=json.dumps({"seq": number}))
    producer.poll(0)
producer.flush(30)
