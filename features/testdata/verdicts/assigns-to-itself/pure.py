# The same with kafka-python: twice assigns and seeks anew, anew does so by another consumer.
import os
from kafka import KafkaConsumer, TopicPartition
topic = os.environ["KAFKA_INPUT_TOPICS"]
at = TopicPartition(topic, 0)

def consumer():
    return KafkaConsumer(bootstrap_servers=os.environ["KAFKA_BOOTSTRAP_SERVERS"], group_id=None, enable_auto_commit=False,
        max_poll_records=1)

def read(c):
    c.assign([at])
    c.seek(at, 0)
    for r in c:
        print(f"level=INFO msg=processed topic={topic} partition=0 offset={r.offset}", flush=True)
        if r.offset == 3: return

c = consumer()
read(c)
if os.environ["HOW"] == "anew":
    c.close()
    c = consumer()
read(c)
c.close()
