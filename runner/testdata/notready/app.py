"""A member of a group that does not become ready. HOW says why."""

import os
import time

from confluent_kafka import Consumer, TopicPartition

how = os.environ["HOW"]
if how == "slow":
    time.sleep(60)
consumer = Consumer({
    "bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"],
    "client.id": "its-own" if how == "own client and group" else os.environ["KAFKA_CLIENT_ID"],
    "group.id": "its-own" if "group" in how else os.environ["KAFKA_GROUP_ID"],
    "auto.offset.reset": "earliest",
    "security.protocol": {"tls": "ssl", "sasl": "sasl_plaintext"}.get(how, "plaintext"),
} | ({"sasl.mechanisms": "PLAIN", "sasl.username": "a", "sasl.password": "b"} if how == "sasl" else {}))
inputs = os.environ["KAFKA_INPUT_TOPICS"]
if how == "assign":
    consumer.assign([TopicPartition(inputs, 0)])
elif how == "other topic":
    consumer.subscribe([os.environ["KAFKA_TOPIC_OTHER"]])
elif how == "all topics":
    consumer.list_topics(timeout=5)
    consumer.subscribe(["shop.orders.v1"])
elif how == "own topic" or how == "own topic and group":
    consumer.subscribe(["shop.orders.v1"])
elif how == "topics besides":
    consumer.subscribe([inputs, "shop.orders.v1"])
elif how != "idle":
    consumer.subscribe([inputs])
print("subscribed", flush=True)
while True:
    consumer.poll(0.2)
