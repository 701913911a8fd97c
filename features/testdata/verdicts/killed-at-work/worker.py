# Works for WORK seconds on each record, and logs it. HOW:
# late: commits behind each record. early: commits before it. batch: commits when a whole batch is done.
# SAYS=1: logs the beginning of the work too. WAIT: seconds that it takes to begin, after another line.
import os, signal, time
from confluent_kafka import Consumer, TopicPartition
stop = False
def end(*_):
    global stop; stop = True
signal.signal(signal.SIGTERM, end)
how, work, says = os.environ["HOW"], float(os.environ["WORK"]), os.environ.get("SAYS")
c = Consumer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "group.id": os.environ["KAFKA_GROUP_ID"],
    "enable.auto.commit": False, "auto.offset.reset": "earliest", "session.timeout.ms": 6000,
    "group.instance.id": "worker"}) # static: it is given its partitions again at once
c.subscribe([os.environ["KAFKA_INPUT_TOPICS"]])
def commit(r): c.commit(offsets=[TopicPartition(r.topic(), r.partition(), r.offset() + 1)], asynchronous=False)
def say(what, r):
    print(f"level=INFO msg={what} topic={r.topic()} partition={r.partition()} offset={r.offset()}", flush=True)
while not stop:
    batch = [r for r in c.consume(10 if how == "batch" else 1, timeout=0.2) if not r.error()]
    for r in batch:
        if how == "early": commit(r)
        if "WAIT" in os.environ:
            print("level=INFO msg=received", flush=True)
            time.sleep(float(os.environ["WAIT"]))
        if says: say("processing", r)
        time.sleep(work)
        say("processed", r)
        if how == "late": commit(r)
    if batch and how == "batch": commit(batch[-1])
c.close()
