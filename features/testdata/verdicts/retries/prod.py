# Writes so many records, with the settings of a client behind them.
import os, sys
from confluent_kafka import Producer
settings = dict(a.split("=", 1) for a in sys.argv[2:])
producer = Producer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"]} | settings)
for n in range(int(sys.argv[1])):
    producer.produce(os.environ["KAFKA_OUTPUT_TOPICS"], key=str(n), value=str(n))
producer.flush(30)
