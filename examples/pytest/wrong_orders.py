"""orders.py with a mistake: it tries again without enable.idempotence. What was written before an answer was lost is
written again."""
from confluent_kafka import Producer


def send(bootstrap, orders):
    producer = Producer({"bootstrap.servers": bootstrap, "retry.backoff.ms": 50})
    failed = []
    for order in orders:
        producer.produce("orders", key=order, value=order, on_delivery=lambda e, _: e and failed.append(e))
    left = producer.flush(30)
    if failed or left:
        raise RuntimeError(f"{len(failed)} orders were refused, {left} have no answer: {failed[:1]}")
