# Reads, and commits its offsets in a transaction. HOW: after (the work is done before the transaction is committed),
# before (only behind it), aborts (the first transaction is aborted: its work is done again), never (all are
# aborted once the work is done, which is not done again).
import os, signal, time
from confluent_kafka import Consumer, Producer, TopicPartition
stop = False
def end(*_):
    global stop; stop = True
signal.signal(signal.SIGTERM, end)
how, inputs = os.environ["HOW"], os.environ["KAFKA_INPUT_TOPICS"]
servers = {"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"]}
c = Consumer(servers | {"group.id": os.environ["KAFKA_GROUP_ID"], "enable.auto.commit": False, "auto.offset.reset": "earliest", "isolation.level": "read_committed"})
p = Producer(servers | {"transactional.id": os.environ["KAFKA_GROUP_ID"] + "-eos"})
p.init_transactions()
c.subscribe([inputs])
def work(r): print(f"level=INFO msg=processed topic={r.topic()} partition={r.partition()} offset={r.offset()}", flush=True)
first = True
while not stop:
    r = c.poll(0.5)
    if r is None or r.error(): continue
    p.begin_transaction()
    p.send_offsets_to_transaction([TopicPartition(r.topic(), r.partition(), r.offset() + 1)], c.consumer_group_metadata())
    if how == "aborts" and first:
        first = False
        p.abort_transaction()
        c.seek(TopicPartition(r.topic(), r.partition(), r.offset()))
        time.sleep(0.3)
        continue
    if how != "before": work(r)
    if how == "never":
        p.abort_transaction()
        continue
    p.commit_transaction()
    if how == "before":
        time.sleep(0.3)
        work(r)
c.close()
