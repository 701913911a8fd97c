# Writes a record in a transaction. HOW: ends (commits it), stays (lives on with it open), leaves (ends with it open),
# forgets (lives on behind its timeout, so that it is aborted).
import os, signal, sys
from confluent_kafka import Producer
how, topic = os.environ["HOW"], os.environ["KAFKA_OUTPUT_TOPICS"]
p = Producer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "transactional.id": "writer",
    "transaction.timeout.ms": 1000 if how == "forgets" else 60000})
p.init_transactions()
p.begin_transaction()
p.produce(topic, value=b"a")
assert p.flush(20) == 0
if how == "ends": p.commit_transaction()
print("written", flush=True)
if how == "leaves": os._exit(0)
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
signal.pause()
