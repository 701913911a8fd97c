# HOW: fine commits behind each record; skip never works on one of a batch; late finishes one 50 ms behind its commit;
# early commits before the work; past commits an offset that the log does not have.
import os, signal, time, threading
from confluent_kafka import Consumer, TopicPartition
stop = False
def end(*_):
    global stop; stop = True
signal.signal(signal.SIGTERM, end)
how = os.environ["HOW"]
c = Consumer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "group.id": os.environ["KAFKA_GROUP_ID"], "enable.auto.commit": False, "auto.offset.reset": "earliest"})
c.subscribe([os.environ["KAFKA_INPUT_TOPICS"]])
def commit(r, n=1): c.commit(offsets=[TopicPartition(r.topic(), r.partition(), r.offset() + n)], asynchronous=False)
def say(r): print(f"level=INFO msg=processed topic={r.topic()} partition={r.partition()} offset={r.offset()}", flush=True)
def later(r):
    time.sleep(0.05); say(r)
while not stop:
    batch = [r for r in c.consume(10, timeout=0.3) if not r.error()]
    for r in batch:
        if how == "skip" and r.offset() == 2: continue
        if how == "late" and r.offset() == 2:
            threading.Thread(target=later, args=(r,)).start(); commit(r); time.sleep(0.1); continue
        if how == "early": commit(r)
        say(r)
        if how in ("fine", "late"): commit(r)
        if how == "past": commit(r, 1000)
    if batch and how == "skip": commit(batch[-1])
c.close()
