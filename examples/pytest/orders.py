"""Writes orders into a topic, each exactly once."""
from confluent_kafka import Producer


def send(bootstrap, orders):
    producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "retry.backoff.ms": 50})
    failed = []
    for order in orders:
        producer.produce("orders", key=order, value=order, on_delivery=lambda e, _: e and failed.append(e))
    left = producer.flush(30)
    if failed or left:
        raise RuntimeError(f"{len(failed)} orders were refused, {left} have no answer: {failed[:1]}")
