# A static member, which does not leave the group when it ends. HOW: commits (behind each record), forgets (never).
import os, signal
from confluent_kafka import Consumer
stop = False
def end(*_):
    global stop; stop = True
signal.signal(signal.SIGTERM, end)
c = Consumer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "group.id": os.environ["KAFKA_GROUP_ID"], "enable.auto.commit": False,
    "auto.offset.reset": "earliest", "group.instance.id": "static"})
c.subscribe([os.environ["KAFKA_INPUT_TOPICS"]])
while not stop:
    r = c.poll(0.2)
    if r is None or r.error(): continue
    print(f"level=INFO msg=processed topic={r.topic()} partition={r.partition()} offset={r.offset()}", flush=True)
    if os.environ["HOW"] == "commits": c.commit(r, asynchronous=False)
c.close()
