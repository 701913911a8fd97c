# Reads from offset 0 to 3, and again: HOW is twice (assigns anew), anew (by another consumer), back (goes on at offset 2
# after offset 3) or skips (goes on at offset 7 after offset 1; the client fetches a few ahead). From where the log ends
# once it has six records goes on another consumer (latest).
import os, time
from confluent_kafka import Consumer, TopicPartition
how, topic = os.environ["HOW"], os.environ["KAFKA_INPUT_TOPICS"]

def consumer(at=0):
    c = Consumer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "group.id": "none",
        "enable.auto.commit": False, "queued.min.messages": 1, "fetch.message.max.bytes": 1})
    c.assign([TopicPartition(topic, 0, at)])
    return c

def read(c, until):
    while True:
        r = c.poll(1)
        if r is None or r.error(): continue
        print(f"level=INFO msg=processed topic={topic} partition=0 offset={r.offset()}", flush=True)
        if r.offset() == until: return

def end(c):
    while True:
        last = c.get_watermark_offsets(TopicPartition(topic, 0), timeout=10)[1]
        if last >= 6: return last
        time.sleep(0.05)

c = consumer()
read(c, 1 if how == "skips" else 3)
if how == "anew":
    c.close()
    c = consumer()
elif how == "twice":
    c.assign([TopicPartition(topic, 0, 0)])
elif how == "latest":
    c.close()
    c = Consumer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "group.id": "none"})
    c.assign([TopicPartition(topic, 0, end(c))])
    print("ready", flush=True)
else:
    c.seek(TopicPartition(topic, 0, 2 if how == "back" else 7))
read(c, 7 if how in ("skips", "latest") else 3)
c.close()
