# Raises and clears alerts of partition 0 as its arguments say: raise:LAG, clear:LAG; go waits for a record on partition
# 1, and what is behind wait is done when it is told to stop.
import os, signal, sys, time
from confluent_kafka import Consumer, TopicPartition
stop = False
def end(*_):
    global stop; stop = True
signal.signal(signal.SIGTERM, end)
topic = os.environ["KAFKA_INPUT_TOPICS"]
consumer = Consumer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "group.id": "none"})
def say(text): print(text, flush=True)
waits = "wait" in sys.argv
for act in sys.argv[1:] + ([] if waits else ["wait"]):
    what, _, lag = act.partition(":")
    if what == "raise":
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        say(f"level=WARN msg=alert topic={topic} partition=0 lag={lag} threshold=5 at={at}")
    elif what == "clear": say(f"level=INFO msg=cleared topic={topic} partition=0 lag={lag}")
    elif what == "go":
        while not stop and consumer.get_watermark_offsets(TopicPartition(topic, 1), timeout=10)[1] == 0: time.sleep(0.05)
    elif what == "wait":
        say("ready")
        while not stop: time.sleep(0.02)
