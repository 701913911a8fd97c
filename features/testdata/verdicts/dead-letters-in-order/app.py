# Sets each record aside. HOW says when its offset is committed: fine (behind the acknowledgement), early (50 ms before
# the dead letter is sent), together (in the transaction of the dead letter), apart (by itself, before it is committed).
import os, signal, time
from confluent_kafka import Consumer, Producer, TopicPartition
stop = False
def end(*_):
    global stop; stop = True
signal.signal(signal.SIGTERM, end)
how, group = os.environ["HOW"], os.environ["KAFKA_GROUP_ID"]
servers = {"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"]}
c = Consumer(servers | {"group.id": group, "enable.auto.commit": False, "auto.offset.reset": "earliest"})
transactional = how in ("together", "apart")
p = Producer(servers | {"linger.ms": 0} | ({"transactional.id": group + "-letters"} if transactional else {}))
if transactional: p.init_transactions()
c.subscribe([os.environ["KAFKA_INPUT_TOPICS"]])
while not stop:
    r = c.poll(0.2)
    if r is None or r.error(): continue
    behind = [TopicPartition(r.topic(), r.partition(), r.offset() + 1)]
    if how == "early":
        c.commit(offsets=behind, asynchronous=False)
        time.sleep(0.05)
    if transactional: p.begin_transaction()
    p.produce(os.environ["KAFKA_OUTPUT_TOPICS"], key=r.key(), value=r.value(), headers={"dlq-source-topic": r.topic(),
        "dlq-source-partition": str(r.partition()), "dlq-source-offset": str(r.offset())})
    assert p.flush(20) == 0
    if how == "together": p.send_offsets_to_transaction(behind, c.consumer_group_metadata())
    if how in ("fine", "apart"): c.commit(offsets=behind, asynchronous=False)
    if transactional: p.commit_transaction()
c.close()
