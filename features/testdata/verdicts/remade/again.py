# Deletes a topic and makes it again, with so many partitions, as Kafka's tools do.
import os, sys, time
from confluent_kafka.admin import AdminClient, NewTopic
name, partitions = sys.argv[1], int(sys.argv[2])
a = AdminClient({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"]})
def until(there):  # each broker learns of a change by itself
    for _ in range(100):
        if there == (name in a.list_topics(timeout=10).topics): return
        time.sleep(0.1)
a.delete_topics([name])[name].result(10)
until(False)
for n in range(50):
    try:
        a.create_topics([NewTopic(name, partitions)])[name].result(10)
        break
    except Exception as e:
        if n == 49: raise
        time.sleep(0.1)
until(True)
print("made again", flush=True)
