# Does something so often that not every fact of it is kept.
#   write N           N records to the output, each a batch of its own
#   read N [SKIP]     processes and commits N records, one by one, but for the one at an offset: it only commits that
#   move N [AHEAD]    moves N records to the output, each in a transaction; of the one at an offset the next one's
#                     offset is committed before that is processed
#   commit N          processes N records and commits the first of them 1100 times before
import os, signal, sys, time
from confluent_kafka import Consumer, Producer, TopicPartition
boot, what, n = os.environ["KAFKA_BOOTSTRAP_SERVERS"], sys.argv[1], int(sys.argv[2])
odd = int(sys.argv[3]) if len(sys.argv) > 3 else -1
stop = False
def end(*_):
    global stop; stop = True
signal.signal(signal.SIGTERM, end)
out = os.environ.get("KAFKA_OUTPUT_TOPICS", "").split(",")[0]

def processed(r):
    print(f"level=INFO msg=processed topic={r.topic()} partition={r.partition()} offset={r.offset()}", flush=True)

def consumer():
    c = Consumer({"bootstrap.servers": boot, "group.id": os.environ["KAFKA_GROUP_ID"], "enable.auto.commit": False,
        "auto.offset.reset": "earliest", "isolation.level": "read_committed"})
    c.subscribe([os.environ["KAFKA_INPUT_TOPICS"]])
    return c

def poll(c):
    while not stop:
        r = c.poll(0.1)
        if r is not None and not r.error(): return r

if what == "write":
    p = Producer({"bootstrap.servers": boot, "linger.ms": 0})
    for i in range(n):
        p.produce(out, f"v{i}", f"k{i}")
        p.flush()
else:
    c = consumer()
    if what == "move":
        p = Producer({"bootstrap.servers": boot, "transactional.id": "mover", "linger.ms": 0})
        p.init_transactions(20)
    ahead = None
    for i in range(n):
        r = poll(c)
        if r is None: break
        if what == "commit" and i == 0:
            processed(r)
            for _ in range(1100): c.commit(r, asynchronous=False)
        elif what == "move":
            if r.offset() != odd: processed(r)
            p.begin_transaction()
            p.produce(out, r.value(), r.key())
            p.send_offsets_to_transaction([TopicPartition(r.topic(), r.partition(), r.offset() + 1)],
                c.consumer_group_metadata())
            p.commit_transaction()
            if r.offset() == odd: processed(r)
        else:
            if r.offset() != odd: processed(r)
            c.commit(r, asynchronous=False)
    print("did it", flush=True)
    while not stop: c.poll(0.1)
    c.close()
