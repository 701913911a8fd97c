# Looks around and makes topics, as admin tools do, and says what it found.
import os, sys, time
servers, known = os.environ["KAFKA_BOOTSTRAP_SERVERS"], os.environ["KAFKA_INPUT_TOPICS"]
made = os.environ["KAFKA_OUTPUT_TOPICS"] + "-made"
def until(seen):  # each broker learns of a change by itself
    for _ in range(100):
        if seen(): return
        time.sleep(0.1)
if sys.argv[1] == "librdkafka":
    from confluent_kafka import KafkaError, KafkaException
    from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic
    a = AdminClient({"bootstrap.servers": servers})
    for name, future in a.create_topics([NewTopic(made, 2, config={"cleanup.policy": "compact"})]).items():
        future.result(10)
    a.create_partitions([NewPartitions(made, 3)])[made].result(10)
    topics = {}
    def grown():
        topics.update(a.list_topics(timeout=10).topics)
        return made in topics and len(topics[made].partitions) == 3
    until(grown)
    configs = {}
    def described():  # any broker may be asked
        try:
            configs.update(list(a.describe_configs([ConfigResource("topic", made)]).values())[0].result(10))
        except KafkaException as e:
            if e.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART: raise
        return configs
    until(described)
    print("sees", known in topics, len(topics[made].partitions), configs["cleanup.policy"].value, flush=True)
    print("of one topic", len(a.list_topics(known, timeout=10).topics), flush=True)
    a.list_consumer_groups().result(10)
    a.describe_cluster().result(10)
    a.delete_topics([made])[made].result(10)
else:
    from kafka.admin import KafkaAdminClient, NewTopic
    a = KafkaAdminClient(bootstrap_servers=servers.split(","))
    a.create_topics([NewTopic(made, 3, 1, topic_configs={"cleanup.policy": "compact"})])
    until(lambda: made in a.list_topics() and a.describe_topics([made])[0]["error_code"] == 0)
    print("sees", known in a.list_topics(), len(a.describe_topics([made])[0]["partitions"]), "compact", flush=True)
    print("of one topic", len(a.describe_topics([known])), flush=True)
    a.describe_cluster()
    a.delete_topics([made])
