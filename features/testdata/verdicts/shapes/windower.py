# Counts and sums readings in windows of five minutes with a minute of grace, per partition, as Kafka Streams does: under
# the key KEY@START, in milliseconds, and emitted once a window has closed. Late readings are dropped. HOW: right, or
# what is wrong with it.
import json, os
from confluent_kafka import Consumer, Producer, TopicPartition, KafkaError
how, topic, out = os.environ["HOW"], os.environ["KAFKA_INPUT_TOPICS"], os.environ["KAFKA_OUTPUT_TOPICS"]
servers = {"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"]}
c = Consumer(servers | {"group.id": "none", "enable.auto.commit": False, "enable.partition.eof": True})
parts = [TopicPartition(topic, p, 0) for p in c.list_topics(topic).topics[topic].partitions]
c.assign(parts)
p, stream, windows, left = Producer(servers), {}, {}, len(parts)
size, grace = 300_000, 60_000
def emit(key, start, count, total):
    p.produce(out, json.dumps({"n": count, "total": total, "to": (start + size) // 1000}), f"{key}@{start}")
while left:
    r = c.poll(1)
    if r is None: continue
    if r.error():
        if r.error().code() == KafkaError._PARTITION_EOF: left -= 1
        continue
    task, at, key = 0 if how == "global" else r.partition(), r.timestamp()[1], r.key().decode()
    start = (at + (30_000 if how == "offset" else 0)) // size * size
    stream[task] = max(stream.get(task, at), at)
    if how != "counts late" and start + size + grace <= stream[task]: continue
    count, total = windows.get((task, key, start), (0, 0.0))
    windows[task, key, start] = count + 1, total + json.loads(r.value())["amount"]
    for (t, k, s), (n, sum_) in sorted(windows.items()):
        if t == task and s + size + (0 if how == "no grace" else grace) <= stream[task]:
            emit(k, s, n, sum_)
            del windows[t, k, s]
if how == "flushes":
    for (t, k, s), (n, sum_) in windows.items(): emit(k, s, n, sum_)
p.flush()
