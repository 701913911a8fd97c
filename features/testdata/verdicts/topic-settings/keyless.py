# Sends one record without a key, and ends with the broker's word for it.
import os, sys
from kafka import KafkaProducer
producer = KafkaProducer(bootstrap_servers=os.environ["KAFKA_BOOTSTRAP_SERVERS"].split(","), acks="all", retries=0)
try:
    producer.send(os.environ["KAFKA_OUTPUT_TOPICS"], value=b"x").get(timeout=8)
except Exception as problem:
    sys.exit(f"refused: {type(problem).__name__}")
