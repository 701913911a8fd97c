# Writes a dead letter in a transaction, which is committed, aborted or left open.
import os
from confluent_kafka import Producer
p = Producer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "transactional.id": "letters",
    "transaction.timeout.ms": 60000, "linger.ms": 0})
p.init_transactions(10)
p.begin_transaction()
p.produce(os.environ["KAFKA_OUTPUT_TOPICS"], value="x")
p.flush(10)
how = os.environ["HOW"]
if how == "committed": p.commit_transaction(10)
if how == "aborted": p.abort_transaction(10)
os._exit(0)
