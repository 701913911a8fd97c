import os, time
from confluent_kafka import Producer
p = Producer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"]})
p.produce(os.environ["KAFKA_OUTPUT_TOPICS"], value=b"x")
p.flush(20)
