# Joins each payment with the version of its user that was in force, once it has read both topics to their ends, and
# writes JSON as json.dumps does. HOW: right, or what is wrong with it.
import json, os
from confluent_kafka import Consumer, Producer, TopicPartition, KafkaError
how, (users, payments) = os.environ["HOW"], os.environ["KAFKA_INPUT_TOPICS"].split(",")
enriched, unmatched = os.environ["KAFKA_OUTPUT_TOPICS"].split(",")
servers = {"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"]}
c = Consumer(servers | {"group.id": "none", "enable.auto.commit": False, "enable.partition.eof": True})
parts = [TopicPartition(t, p, 0) for t in (users, payments) for p in c.list_topics(t).topics[t].partitions]
c.assign(parts)
read, left = {users: [], payments: []}, len(parts)
while left:
    r = c.poll(1)
    if r is None: continue
    if r.error():
        if r.error().code() == KafkaError._PARTITION_EOF: left -= 1
        continue
    read[r.topic()].append(r)
c.close()
p = Producer(servers)
for n, r in enumerate(read[payments]):
    at = r.timestamp()[1]
    known = [u for u in read[users] if u.key() == r.key() and (how == "newest" or u.timestamp()[1] <= at)]
    user = max(known, key=lambda u: u.timestamp()[1]).value() if known else None
    value = json.loads(r.value())
    if how == "rounds": value["amount"] = round(value["amount"], 1)
    if how == "texts": value["amount"] = str(value["amount"])
    if how == "off by one" and n == 299: value["payment_id"] += 1000
    if how == "a cent" and n == 299: value["amount"] += 0.01
    if how == "null" and n == 299: value["note"] = None
    key = b"nobody" if how == "keys" and n == 299 else r.key()
    if user is None:
        if how == "invents": value["user"] = {"name": "nobody"}
        p.produce(unmatched, json.dumps(value), key)
    else:
        p.produce(enriched, json.dumps({"user": json.loads(user), "joined_by": "pod-17", **value}), key)
    p.poll(0)
p.flush()
