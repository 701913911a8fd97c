# Reads its topic and commits behind each record. SAYS=P-O has it say as well that it processed offset O of partition P.
import os, signal
from confluent_kafka import Consumer
stop = False
def end(*_):
    global stop; stop = True
signal.signal(signal.SIGTERM, end)
topic = os.environ["KAFKA_INPUT_TOPICS"]
def say(partition, offset): print(f"level=INFO msg=processed topic={topic} partition={partition} offset={offset}", flush=True)
c = Consumer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "group.id": os.environ["KAFKA_GROUP_ID"],
    "enable.auto.commit": False, "auto.offset.reset": "earliest",
    "isolation.level": os.environ.get("LEVEL", "read_committed")})
c.subscribe([topic])
while not stop:
    r = c.poll(0.2)
    if r is None or r.error(): continue
    say(r.partition(), r.offset())
    if r.offset() == 1 and os.environ.get("SAYS"): say(*os.environ["SAYS"].split("-"))
    c.commit(r, asynchronous=False)
c.close()
