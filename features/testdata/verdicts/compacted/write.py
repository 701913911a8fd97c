# Writes records as one batch, compressed: CODEC KEY:VALUE...; null is a tombstone.
import os, sys
from confluent_kafka import Producer
p = Producer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "linger.ms": 200, "compression.type": sys.argv[1]})
for record in sys.argv[2:]:
    key, value = record.split(":")
    p.produce(os.environ["KAFKA_OUTPUT_TOPICS"], key=key, value=None if value == "null" else value + "x" * 100)
p.flush(20)
