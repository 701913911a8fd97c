# Reads a topic and sets aside what is "bad", with the headers that a framework, LIKE, gives its dead letters. HOW is the
# mistake that it makes in them.
import os, signal, struct
from confluent_kafka import Consumer, Producer
stop = False
def end(*_):
    global stop; stop = True
signal.signal(signal.SIGTERM, end)
how, like = os.environ["HOW"], os.environ["LIKE"]
topic, dead = os.environ["KAFKA_INPUT_TOPICS"], os.environ["KAFKA_OUTPUT_TOPICS"]
cluster = {"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"]}

def number(form, n):
    return str(n).encode() if form == "text" or how == "text" else struct.pack(form, n)

FORMATS = {  # name and form of topic, partition, offset, error, attempts
    "spring": ("kafka_dlt-original-topic", ("kafka_dlt-original-partition", ">i"), ("kafka_dlt-original-offset", ">q"),
        "kafka_dlt-exception-message", ("retry_topic-attempts", ">i")),
    "connect": ("__connect.errors.topic", ("__connect.errors.partition", "text"), ("__connect.errors.offset", "text"),
        "__connect.errors.exception.message", None),
    "smallrye": ("dead-letter-topic", ("dead-letter-partition", "text"), ("dead-letter-offset", "text"),
        "dead-letter-reason", None),
    "own": ("from", ("part", ">h"), ("at", ">i"), "why", ("tries", ">b")),
}

def headers(r):
    source, (partition, form), (offset, width), error, attempts = FORMATS[like]
    at = r.offset() + 40 if how in ("offset", "topic") else r.offset()
    of = {"partition": 7, "negative": -1}.get(how, r.partition())
    named = dead if how == "topic" else r.topic()
    told = [(source, named.encode()), (partition, number(form, of)), (offset, number(width, at)),
        (error, b"cannot read it")]
    if how == "binary":
        told[2] = (offset, struct.pack(">q", at))
    if attempts:
        told.append((attempts[0], number(attempts[1], 3)))
    if how == "again" and like == "smallrye":  # it had been a dead letter before
        told += [(source, b"elsewhere"), (partition, b"9"), (offset, b"9")]
    if how == "nameless":
        told = []
    return told

def send(r):
    key = r.key()
    p = Producer(cluster)
    told = headers(r)
    if like == "own":
        told, key = told + [("who", b"other" if how == "key" else key)], b"all"
    p.produce(dead, key=key, value=r.value(), headers=told)
    assert p.flush(20) == 0

c = Consumer(cluster | {"group.id": os.environ["KAFKA_GROUP_ID"], "enable.auto.commit": False,
    "auto.offset.reset": "earliest"})
c.subscribe([topic])
while not stop:
    for r in (r for r in c.consume(1, timeout=1) if not r.error()):
        if r.value() == b"bad":
            send(r)
        else:
            print(f"level=INFO msg=processed topic={r.topic()} partition={r.partition()} offset={r.offset()}", flush=True)
        c.commit(r, asynchronous=False)
c.close()
