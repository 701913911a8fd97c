# Commits behind each record. HOW: lives, finishes and fails (behind offset 2, and every third one), finishes-later and
# fails-later (behind offset 5).
import os, signal, sys
from confluent_kafka import Consumer
stop = False
def end(*_):
    global stop; stop = True
signal.signal(signal.SIGTERM, end)
how = os.environ["HOW"]
c = Consumer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "group.id": os.environ["KAFKA_GROUP_ID"],
    "enable.auto.commit": False, "auto.offset.reset": "earliest", "session.timeout.ms": 6000, "heartbeat.interval.ms": 100})
c.subscribe([os.environ["KAFKA_INPUT_TOPICS"]])
while not stop:
    r = c.poll(0.2)
    if r is None or r.error(): continue
    print(f"level=INFO msg=processed topic={r.topic()} partition={r.partition()} offset={r.offset()}", flush=True)
    c.commit(r, asynchronous=False)
    if how != "lives" and r.offset() % 3 == 2 and (r.offset() == 5 or not how.endswith("later")):
        print("ends now", flush=True)
        break
c.close()
if how.startswith("fails") and not stop: sys.exit(3)
