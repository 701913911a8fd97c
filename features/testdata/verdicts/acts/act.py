# Does what its arguments say, one after the other. Those behind wait are done when it is told to stop.
#   c  poll:N  work[:I,J]  commit[:PARTITION:OFFSET]  close    a consumer; work says that records (by default all new
#                                                              ones) are processed
#   out:TOPIC:KEY:VALUE[:p=PARTITION]  tx  begin  end  abort   a producer; null is null
#   plain:TOPIC:KEY:VALUE                                      the same by another producer, in no transaction
#   offsets                                                    commits what the consumer has read in the transaction
#   raw:TOPIC:KEY:VALUE  letter:TOPIC:N  altered:TOPIC:N       a value with colons; the dead letter of the Nth record read
#   once                                                       the producer sends each record once
#   cut:TOPIC:OFFSET                                           deletes the records before an offset of partition 0
#   remake:TOPIC:PARTITIONS                            deletes a topic and makes it again
#   say:TEXT  wait
import os, signal, sys, time
from confluent_kafka import Consumer, Producer, TopicPartition
boot, inputs = os.environ["KAFKA_BOOTSTRAP_SERVERS"], os.environ.get("KAFKA_INPUT_TOPICS", "").split(",")
stop, records, done = False, [], 0
def end(*_):
    global stop; stop = True
signal.signal(signal.SIGTERM, end)
consumer = producer = None
unheard = 100  # UNKNOWN_TOPIC_ID: the broker has not heard yet that the topic was made again, and the client gives up

def poll():
    r = consumer.poll(0.1)
    if r is not None and not r.error(): records.append(r)

def produce(topic, key, value, p="-1", headers=None):
    global producer
    producer = producer or Producer({"bootstrap.servers": boot, "linger.ms": 0})
    errors = [unheard]
    while errors == [unheard]:
        errors = []
        producer.produce(os.environ["KAFKA_TOPIC_" + topic.upper()], key=None if key == "null" else key,
            value=None if value == "null" else value, partition=int(p.removeprefix("p=")), headers=headers,
            on_delivery=lambda error, _: error and errors.append(error.code()))
        producer.flush(20)

for act in sys.argv[1:]:
    op, *x = act.split(":")
    if op == "c":
        consumer = Consumer({"bootstrap.servers": boot, "group.id": os.environ["KAFKA_GROUP_ID"],
            "enable.auto.commit": False, "auto.offset.reset": "earliest", "heartbeat.interval.ms": 100})
        consumer.subscribe(inputs)
    elif op == "poll":
        wanted = len(records) + int(x[0])
        while len(records) < wanted and not stop: poll()
    elif op == "work":
        for r in [records[int(i)] for i in x[0].split(",")] if x else records[done:]:
            print(f"level=INFO msg=processed topic={r.topic()} partition={r.partition()} offset={r.offset()}", flush=True)
        if not x: done = len(records)
    elif op == "commit":
        at = {(inputs[0], int(x[0])): int(x[1])} if x else {(r.topic(), r.partition()): r.offset() + 1 for r in records}
        consumer.commit(offsets=[TopicPartition(t, p, o) for (t, p), o in at.items()], asynchronous=False)
    elif op == "close":
        consumer.close(); consumer = None
    elif op == "out": produce(*x)
    elif op == "plain":
        before, producer = producer, None
        produce(*x)
        producer = before
    elif op == "raw": produce(x[0], x[1], ":".join(x[2:]))
    elif op in ("letter", "altered"):
        r = records[int(x[1])]
        produce(x[0], r.key(), r.value() if op == "letter" else "other", headers={"dlq-source-topic": r.topic(),
            "dlq-source-partition": str(r.partition()), "dlq-source-offset": str(r.offset())})
    elif op == "cut":
        import kafka
        at = kafka.TopicPartition(os.environ["KAFKA_TOPIC_" + x[0].upper()], 0)
        kafka.KafkaAdminClient(bootstrap_servers=boot.split(",")).delete_records({at: int(x[1])})
    elif op == "remake":
        from confluent_kafka.admin import AdminClient, NewTopic
        admin, name = AdminClient({"bootstrap.servers": boot}), os.environ["KAFKA_TOPIC_" + x[0].upper()]
        admin.delete_topics([name])[name].result(20)
        while True:
            try:
                admin.create_topics([NewTopic(name, int(x[1]))])[name].result(20)
                break
            except Exception as e:  # it is still there
                if "TOPIC_ALREADY_EXISTS" not in str(e): raise
                time.sleep(0.1)
        while name not in admin.list_topics(timeout=10).topics: time.sleep(0.1)
    elif op == "once":
        producer = Producer({"bootstrap.servers": boot, "linger.ms": 0, "message.send.max.retries": 0})
    elif op == "tx":
        producer = Producer({"bootstrap.servers": boot, "transactional.id": "tx", "linger.ms": 0})
        producer.init_transactions(20)
    elif op == "begin": producer.begin_transaction()
    elif op == "end": producer.commit_transaction(20)
    elif op == "offsets":
        producer.send_offsets_to_transaction(consumer.position(consumer.assignment()), consumer.consumer_group_metadata(), 20)
    elif op == "abort": producer.abort_transaction(20)
    elif op == "say": print(x[0], flush=True)
    elif op == "wait":
        while not stop:
            if consumer: consumer.poll(0.1)
            else: time.sleep(0.05)
    else: raise SystemExit("what is " + act)
