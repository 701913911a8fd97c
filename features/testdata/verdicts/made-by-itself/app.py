# Sends each order on under its user's name, by a repartition topic that it makes when it starts, and what is no order
# to a retry topic, made when it is needed. HOW: fine; none (makes no repartition topic); number (keyed by the number).
import json, os, signal
from confluent_kafka import Consumer, KafkaException, Producer
from confluent_kafka.admin import AdminClient, NewTopic
stop = False
def end(*_):
    global stop; stop = True
signal.signal(signal.SIGTERM, end)
how = os.environ["HOW"]
group, orders = os.environ.get("GROUP", os.environ["KAFKA_GROUP_ID"]), os.environ["KAFKA_INPUT_TOPICS"]
by_user, retry = group + "-by-user-repartition", "retry." + orders
servers = {"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"]}
admin = AdminClient(servers)
def make(name, partitions):
    try:
        admin.create_topics([NewTopic(name, partitions, 1)])[name].result(20)
    except KafkaException as e:
        if e.args[0].name() != "TOPIC_ALREADY_EXISTS": raise
if how != "none": make(by_user, 2)
c = Consumer(servers | {"group.id": group, "enable.auto.commit": False, "auto.offset.reset": "earliest"})
p = Producer(servers | {"linger.ms": 0})
c.subscribe([orders])
while not stop:
    r = c.poll(0.2)
    if r is None or r.error(): continue
    try:
        order = json.loads(r.value())
        order["from"] = orders
        if how != "none": p.produce(by_user, key=order["user"] if how == "fine" else r.key(), value=json.dumps(order),
            headers={"from": orders, "to": by_user})
        print("sent on", orders, "to", by_user, flush=True)
    except ValueError:
        make(retry, 1)
        p.produce(retry, key=r.key(), value=r.value())
    p.flush(20)
    c.commit(r, asynchronous=False)
c.close()
