# Reads the topic in two groups at once, or with assign in HOW in a group and by a consumer that is no member, which
# begins once the group has, or with first in HOW has ended before it joins.
# HOW: named says the group in its lines; skips commits one record of group g that it never works on; twice works twice
# on each record of group g.
import os, signal, sys, threading, time
from confluent_kafka import Consumer, TopicPartition
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
topic, servers, group = os.environ["KAFKA_INPUT_TOPICS"], os.environ["KAFKA_BOOTSTRAP_SERVERS"], os.environ["KAFKA_GROUP_ID"]
how = os.environ["HOW"]
lock = threading.Lock()
def say(g, p, o):
    named = f" group={g}" if "named" in how else ""
    with lock: print(f"level=INFO msg=processed{named} topic={topic} partition={p} offset={o}", flush=True)
begun = threading.Event()
def run(g, assign=False):
    if assign and "first" not in how: begun.wait()
    c = Consumer({"bootstrap.servers": servers, "group.id": g, "enable.auto.commit": False, "auto.offset.reset": "earliest"})
    if assign: c.assign([TopicPartition(topic, p, 0) for p in range(2)])
    else: c.subscribe([topic])
    skip = "skips" in how and g == group
    while not stop.is_set():
        r = c.poll(0.2)
        if r is None and assign and "first" in how and begun.is_set(): break
        if r is None or r.error(): continue
        if skip and r.offset() == 1:
            c.commit(r, asynchronous=False); continue
        say(g, r.partition(), r.offset())
        begun.set()
        if "twice" in how and g == group: say(g, r.partition(), r.offset())
        if not assign: c.commit(r, asynchronous=False)
    c.close()
ts = [threading.Thread(target=run, args=(group,)), threading.Thread(target=run, args=("other", "assign" in how))]
if "first" in how: ts[1].start(); ts[1].join(); time.sleep(1); ts[0].start() # its last Fetch is over
else: [t.start() for t in ts]
[t.join() for t in ts]
