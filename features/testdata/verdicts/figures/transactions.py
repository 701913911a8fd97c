# Writes 2,000 records in 20 transactions (few: 30 of them), and ends these as its arguments say, in turn.
import os, sys, time
from confluent_kafka import Producer
producer = Producer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "linger.ms": 0,
    "transactional.id": os.environ["KAFKA_OUTPUT_TOPICS"]})  # there is no wire here that would make it unique
producer.init_transactions(20)
for n in range(20):
    end = sys.argv[1 + n % (len(sys.argv) - 1)]
    producer.begin_transaction()
    for _ in range(3 if end == "few" else 100):
        producer.produce(os.environ["KAFKA_OUTPUT_TOPICS"], value="x")
    producer.flush(20)
    producer.abort_transaction(20) if end == "abort" else producer.commit_transaction(20)
    time.sleep(0.02)
