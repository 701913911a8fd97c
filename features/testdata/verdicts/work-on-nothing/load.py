# Sends a record of one key every few milliseconds until it is told to stop.
import itertools, os, signal, threading
from confluent_kafka import Producer
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
p = Producer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "linger.ms": 0})
for n in itertools.count():
    if stop.wait(0.003): break
    p.produce(os.environ["KAFKA_OUTPUT_TOPICS"], key="b", value=str(n))
    p.poll(0)
p.flush(10)
