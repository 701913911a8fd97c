# Commits each batch behind its work. HOW: stuck works 9s on the third record and is thrown out of its group by its own
# client; closes ends its consumer without a commit, and goes on with another one.
import os, signal, time
from confluent_kafka import Consumer, KafkaException
stop = False
def end(*_):
    global stop; stop = True
signal.signal(signal.SIGTERM, end)
how, inputs = os.environ["HOW"], os.environ["KAFKA_INPUT_TOPICS"]
conf = {"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "group.id": os.environ["KAFKA_GROUP_ID"],
        "enable.auto.commit": False, "auto.offset.reset": "earliest", "session.timeout.ms": 6000}
if how == "stuck": conf["max.poll.interval.ms"] = 6000
c = Consumer(conf); c.subscribe([inputs])
first = True
while not stop:
    batch = [r for r in c.consume(3, timeout=0.3) if not r.error()]
    for r in batch: print(f"level=INFO msg=processed topic={r.topic()} partition={r.partition()} offset={r.offset()}", flush=True)
    if batch and first and how == "stuck": time.sleep(9)
    if batch and first and how == "closes":
        c.close(); c = Consumer(conf); c.subscribe([inputs])
    elif batch:
        try: c.commit(asynchronous=False)
        except KafkaException as e: print("not committed:", e, flush=True)
    first = first and not batch
c.close()
