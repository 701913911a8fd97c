"""Sends or receives records with a Python client and prints the rate: peers.py CLIENT produce|consume SERVERS TOPIC RECORDS SIZE CODEC BATCH"""
import random
import sys
import time

client, job, servers, topic, records, size, codec, batch = sys.argv[1:]
records, size, batch = int(records), int(size), int(batch)
dice = random.Random(1)
pool = bytes(dice.choices(range(65, 91), k=size + 65536))


def value(i):
    start = i * 7919 & 0xFFFF
    return pool[start : start + size]


def confluent_produce():
    from confluent_kafka import Producer

    producer = Producer({"bootstrap.servers": servers, "acks": "all", "enable.idempotence": True, "compression.type": codec, "linger.ms": 10, "batch.size": batch,
                         "queue.buffering.max.messages": 1000000})
    failed, acknowledged = [], 0

    def done(error, _):
        nonlocal acknowledged
        if error:
            failed.append(error)
        else:
            acknowledged += 1

    began = time.monotonic()
    for i in range(records):
        while True:
            try:
                producer.produce(topic, value(i), partition=i % 12, on_delivery=done)
                break
            except BufferError:
                producer.poll(0.01)
        if i % 1000 == 0:
            producer.poll(0)
    producer.flush()
    took = time.monotonic() - began
    assert acknowledged == records, f"{acknowledged} of {records} acknowledged, {failed[:1]}"
    return took


def confluent_consume():
    from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

    began = time.monotonic()
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "none", "enable.auto.commit": False})
    consumer.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for p in range(12)])
    got = 0
    while got < records:
        batch = consumer.consume(10000, timeout=1.0)
        for message in batch:
            assert not message.error(), message.error()
        got += len(batch)
    took = time.monotonic() - began
    consumer.close()
    return took


def python_produce():
    from kafka import KafkaProducer

    producer = KafkaProducer(bootstrap_servers=servers, acks="all", enable_idempotence=True, compression_type=None if codec == "none" else codec, linger_ms=10,
                             batch_size=batch)
    began = time.monotonic()
    sent = [producer.send(topic, value(i), partition=i % 12) for i in range(records)]
    producer.flush()
    took = time.monotonic() - began
    for future in sent:
        future.get(timeout=0)
    return took


def python_consume():
    from kafka import KafkaConsumer, TopicPartition

    began = time.monotonic()
    consumer = KafkaConsumer(bootstrap_servers=servers, auto_offset_reset="earliest", enable_auto_commit=False)
    consumer.assign([TopicPartition(topic, p) for p in range(12)])
    got = 0
    while got < records:
        for batch in consumer.poll(timeout_ms=1000, max_records=10000).values():
            got += len(batch)
    return time.monotonic() - began


jobs = {("confluent-kafka", "produce"): confluent_produce, ("confluent-kafka", "consume"): confluent_consume,
        ("kafka-python", "produce"): python_produce, ("kafka-python", "consume"): python_consume}
print(records / max(jobs[client, job](), 1e-9))
