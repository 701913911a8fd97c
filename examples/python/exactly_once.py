"""Reads, works, and writes exactly once, with state, with confluent-kafka: the loop of windower.py and joiner.py.

What an application writes, its state in a changelog, and the offsets of what it has read are one Kafka transaction.
Whoever gets a partition next reads the state back, and goes on where that ends.
"""

import collections
import json
import os
import signal
import time

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition


class Task:
    """The work on one partition number, of all topics."""

    def __init__(self, number, topics, offsets, state):
        self.number, self.next, self.state = number, offsets, state
        self.read = dict(offsets)  # by topic: where reading goes on, behind what is queued
        self.queues = {topic: collections.deque() for topic in topics}
        self.at_end = dict.fromkeys(topics, False)
        self.changed = False

    def take(self, message):
        if message.error():
            if message.error().code() == KafkaError._PARTITION_EOF:  # it may stand behind offsets without messages
                self.read[message.topic()] = message.offset()
        else:
            self.read[message.topic()] = message.offset() + 1
            self.queues[message.topic()].append(message)

    def look(self, consumer):
        """Asks whether topics have been read to their ends. What was queued by now was written before these."""
        for topic, queue in self.queues.items():
            start, end = consumer.get_watermark_offsets(TopicPartition(topic, self.number), timeout=10)
            self.at_end[topic] = not queue and max(start, self.read.get(topic, 0)) >= end

    def due(self):
        """Messages in the order of their times, over all topics, as far as that is known."""
        while all(queue or self.at_end[topic] for topic, queue in self.queues.items()) and any(self.queues.values()):
            message = min(filter(None, self.queues.values()), key=lambda queue: queue[0].timestamp()[1]).popleft()
            self.next[message.topic()] = message.offset() + 1
            self.changed = True
            yield message


class ExactlyOnce:
    """One session, which ends with whatever spoils a transaction. The next one goes on from what is committed.

    An application has fresh(), the state of a partition of which nothing is known, as JSON can hold it; and
    process(task, message), which yields what is to be produced, as arguments of Producer.produce().
    """

    running = True

    def __init__(self, topics, changelog):
        env, self.topics, self.changelog = os.environ, topics, changelog
        client = {"bootstrap.servers": env["BOOTSTRAP_SERVERS"], "client.id": env["CLIENT_ID"]}
        self.reading = {**client, "group.id": env["GROUP_ID"], "isolation.level": "read_committed",
                        "auto.offset.reset": "earliest", "enable.auto.commit": False, "enable.partition.eof": True}
        self.consumer = Consumer({
            **self.reading,
            "fetch.wait.max.ms": 50,  # what is asked beside fetches waits behind them
            "partition.assignment.strategy": env["ASSIGNOR"],
            "session.timeout.ms": int(env["SESSION_TIMEOUT_MS"]),
            "heartbeat.interval.ms": int(env["SESSION_TIMEOUT_MS"]) // 4,
        })
        self.producer = Producer({
            **client,
            "transactional.id": f"{env['GROUP_ID']}-{env['CLIENT_ID']}",
            "transaction.timeout.ms": int(env["TRANSACTION_TIMEOUT_MS"]),
        })
        self.tasks, self.closing = {}, False  # tasks by partition number

    def advance(self):
        """What is to be produced besides, each round."""
        return ()

    def note(self, task):
        """What other members can know of a task: it is committed with its offsets."""
        return ""

    def run(self):
        self.producer.init_transactions()  # ends the transaction that a crash left open
        self.consumer.subscribe(self.topics, on_assign=self.assigned, on_revoke=self.gone, on_lost=self.gone)
        try:
            while self.running:
                self.round(self.consumer.consume(500, timeout=0.1))
        finally:
            self.closing = True
            self.consumer.close()

    # Partitions come and go while messages are fetched, so never within a transaction.
    def assigned(self, consumer, partitions):
        if self.closing:
            return  # what close() finds still to be told; offsets are not to be had any more
        committed = consumer.committed(partitions)
        for number in {p.partition for p in partitions} - self.tasks.keys():
            offsets = {p.topic: p.offset for p in committed if p.partition == number}
            self.tasks[number] = self.restore(number, offsets)

    def gone(self, _, partitions):
        for p in partitions:
            self.tasks.pop(p.partition, None)

    def restore(self, number, committed):
        """Reads the changelog until it agrees with the group: the last owner's transaction may be ending just now."""
        task, reader = Task(number, self.topics, {}, self.fresh()), Consumer(self.reading)
        while any(task.next.get(topic, 0) < offset for topic, offset in committed.items()):
            reader.assign([TopicPartition(self.changelog, number, 0)])
            while not (message := reader.poll(10)).error():
                saved = json.loads(message.value())
                task = Task(number, self.topics, saved["next"], saved["state"])
        reader.close()
        return task

    def round(self, messages):
        for message in (m for m in messages if m.partition() in self.tasks):
            self.tasks[message.partition()].take(message)
        for task in self.tasks.values():
            task.look(self.consumer)
        records = [r for task in self.tasks.values() for message in task.due() for r in self.process(task, message)]
        records += self.advance()
        changed = [task for task in self.tasks.values() if task.changed]
        if not changed:
            return
        # One record for the whole state. A large state has one for each of its entries.
        for task in changed:
            saved = json.dumps({"next": task.next, "state": task.state})
            records.append(dict(topic=self.changelog, partition=task.number, key="state", value=saved))
            task.changed = False
        self.producer.begin_transaction()
        for record in records:
            self.producer.produce(**record)
        offsets = [TopicPartition(topic, t.number, at, self.note(t)) for t in changed for topic, at in t.next.items()]
        self.producer.send_offsets_to_transaction(offsets, self.consumer.consumer_group_metadata())
        self.producer.commit_transaction()


def main(application):
    signal.signal(signal.SIGTERM, lambda *_: setattr(ExactlyOnce, "running", False))
    while ExactlyOnce.running:
        try:
            application().run()
        except KafkaException as error:
            print(f"begins anew: {error}", flush=True)
            time.sleep(0.1)
