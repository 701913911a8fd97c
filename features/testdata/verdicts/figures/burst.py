# Writes so many records in about half a second, after three seconds in which it writes nothing.
import os, sys, time
from confluent_kafka import Producer
producer = Producer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "linger.ms": 0})
producer.list_topics(os.environ["KAFKA_OUTPUT_TOPICS"], 20)
time.sleep(3)
for n in range(20):
    for _ in range(int(sys.argv[1]) // 20):
        producer.produce(os.environ["KAFKA_OUTPUT_TOPICS"], value="x")
    producer.flush(20)
    time.sleep(0.02)
