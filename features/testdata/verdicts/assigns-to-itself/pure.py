# The same with kafka-python: twice assigns and seeks anew, anew and latest do so by another consumer.
import os, time
from kafka import KafkaConsumer, TopicPartition
topic, how = os.environ["KAFKA_INPUT_TOPICS"], os.environ["HOW"]
at = TopicPartition(topic, 0)

def consumer():
    return KafkaConsumer(bootstrap_servers=os.environ["KAFKA_BOOTSTRAP_SERVERS"], group_id=None, enable_auto_commit=False,
        max_poll_records=1)

def read(c, since=0, until=3):
    c.assign([at])
    c.seek(at, since)
    if since: print("ready", flush=True)
    for r in c:
        print(f"level=INFO msg=processed topic={topic} partition=0 offset={r.offset}", flush=True)
        if r.offset == until: return

def end(c):
    while True:
        last = c.end_offsets([at])[at]
        if last >= 6: return last
        time.sleep(0.05)

c = consumer()
read(c)
if how != "twice":
    c.close()
    c = consumer()
if how == "latest":
    read(c, end(c), 7)
else:
    read(c)
c.close()
