# Sends a record of one key every few milliseconds until it is told to stop, with 20 on their way at most.
import itertools, os, signal, threading
from confluent_kafka import Producer
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
p = Producer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "linger.ms": 0})
for n in itertools.count():
    if stop.wait(0.003): break
    p.produce(os.environ["KAFKA_OUTPUT_TOPICS"], key="b", value=str(n))
    p.poll(0)
    while len(p) > 20: p.poll(0.1)
p.flush(10)
