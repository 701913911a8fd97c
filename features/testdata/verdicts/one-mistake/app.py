# Reads a topic, does what HOW says, and commits behind each record; or writes what HOW says. Topics and group are those
# it is told of. The mistakes are below, one a branch.
import json, os, signal, time
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
stop = False
def end(*_):
    global stop; stop = True
signal.signal(signal.SIGTERM, end)
how = os.environ["HOW"]
inputs, outputs = (os.environ.get(f"KAFKA_{way}_TOPICS", "").split(",") for way in ("INPUT", "OUTPUT"))
cluster = {"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"]}

def say(what, r):
    print(f"level=INFO msg={what} topic={r.topic()} partition={r.partition()} offset={r.offset()}", flush=True)

def send(topic, key=None, value=None, headers=None, config={}):
    p = Producer(cluster | config)
    p.produce(topic, key=key, value=value, headers=headers)
    assert p.flush(20) == 0

def letter(r):  # a record that is "bad" is set aside
    source = inputs[0] if how == "source" else r.topic()
    headers = {"dlq-source-topic": source, "dlq-source-partition": str(r.partition()), "dlq-source-offset": str(r.offset())}
    send(outputs[0], key=None if how == "keyless" else r.key(), value=b"worse" if how == "altered" else r.value(),
        headers=None if how == "nameless" else headers)
    say("dead-lettered", r)

def handle(c, r):
    if r.value() == b"bad":
        return letter(r)
    if outputs[0]:
        send(outputs[0], key=r.key(), value=b'{"label": "x", ' + r.value()[1:])
    say("processed", r)

def consume():
    c = Consumer(cluster | {"group.id": os.environ["KAFKA_GROUP_ID"], "enable.auto.commit": False,
        "auto.offset.reset": "earliest", "queued.min.messages": 1, "fetch.message.max.bytes": 1})
    c.subscribe(inputs)
    moved = False
    while not stop:
        batch = [r for r in c.consume(3 if how == "backwards" else 1, timeout=1) if not r.error()]
        if how == "backwards": batch.reverse()
        for r in batch:
            handle(c, r)
        if batch:
            last = max(batch, key=lambda r: r.offset())
            c.commit(offsets=[TopicPartition(last.topic(), last.partition(), last.offset() + 1)], asynchronous=False)
        if batch and not moved and how in ("skips", "again") and batch[-1].offset() == 1:
            moved = True
            c.seek(TopicPartition(inputs[0], 0, 6 if how == "skips" else 0))
    c.close()

def produce():  # waits for the answer, or sends it all again by a new producer
    sent = []
    def look(stats):
        if any(b["req"].get("Produce") for b in json.loads(stats)["brokers"].values()): sent.append(True)
    p = Producer(cluster | {"enable.idempotence": True, "statistics.interval.ms": 50, "stats_cb": look})
    p.produce(outputs[0], value=b"x")
    while how == "resends" and not sent: p.poll(0.1)
    if p.flush(0 if how == "resends" else 20) > 0:
        p.purge()
        send(outputs[0], value=b"x", config={"enable.idempotence": True})

def careless():  # loses a topic that it had written in a transaction
    p = Producer(cluster | {"transactional.id": "careless"})
    p.init_transactions()
    p.begin_transaction()
    for topic in outputs:
        p.produce(topic, value=b"a")
    p.commit_transaction()
    if how == "careful": return
    admin = AdminClient(cluster)
    for f in admin.delete_topics(outputs[-1:]).values(): f.result()
    for _ in range(50):
        try:
            for f in admin.create_topics([NewTopic(outputs[-1], 1, 1)]).values(): f.result()
            break
        except Exception: time.sleep(0.2)
    if how == "replaces": send(outputs[-1], value=b"b")

def resume():  # writes a record once, and a mark that it has; what is marked is not written again
    c = Consumer(cluster | {"group.id": "marks", "enable.auto.commit": False})
    marked = c.get_watermark_offsets(TopicPartition(outputs[1], 0), timeout=10)[1] > 0
    if how == "marks-first" and not marked: send(outputs[1], value=b"done")
    if not marked: send(outputs[0], value=b"x")
    if how == "marks-last" and not marked: send(outputs[1], value=b"done")
    c.close()

{"resends": produce, "waits": produce, "careful": careless, "loses": careless, "replaces": careless,
 "marks-first": resume, "marks-last": resume}.get(how, consume)()
