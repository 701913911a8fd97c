"""A consumer that writes each record as a row of a database, with confluent-kafka and SQLite.

An offset that is committed to the group before the rows are written loses them at a crash (at-most-once); afterwards it
repeats them (at-least-once). For exactly-once it is in the database, in the transaction of the rows, with an epoch that
each new owner of a partition raises: one that was frozen meanwhile, and wakes up, writes nothing.
"""

import itertools
import os
import signal
import sqlite3
import sys
import threading

from confluent_kafka import Consumer, KafkaException, TopicPartition

OFFSETS = """CREATE TABLE IF NOT EXISTS consumer_offsets (group_id TEXT, topic TEXT, partition INTEGER,
    next_offset BIGINT, epoch BIGINT, PRIMARY KEY (group_id, topic, partition))"""
ROWS = """CREATE TABLE IF NOT EXISTS {}
    (source_topic TEXT, source_partition INTEGER, source_offset BIGINT, key TEXT, value TEXT)"""
CLAIM = """INSERT INTO consumer_offsets VALUES (?, ?, ?, -1, 1) ON CONFLICT DO UPDATE SET epoch = epoch + 1
    RETURNING epoch, next_offset"""
ADVANCE = """UPDATE consumer_offsets SET next_offset = ? WHERE group_id = ? AND topic = ? AND partition = ?
    AND epoch = ? AND next_offset = ?"""


class Fenced(Exception):
    """A partition is another owner's."""


class Writer:
    def __init__(self, env=os.environ):
        self.topic, self.group, self.table, self.mode = (env[n] for n in ("TOPIC", "GROUP_ID", "TABLE", "MODE"))
        self.batch, self.delay, self.longest, session = (
            int(env[n]) for n in ("BATCH", "BACKOFF_MS", "BACKOFF_MAX_MS", "SESSION_TIMEOUT_MS"))
        self.database = sqlite3.connect(env["DATABASE_FILE"], timeout=1, isolation_level=None)
        self.owned, self.owed, self.stopping = {}, {}, threading.Event()  # by partition: epoch, end of rows; to commit
        self.consumer = Consumer({
            "bootstrap.servers": env["BOOTSTRAP_SERVERS"], "client.id": env["CLIENT_ID"], "group.id": self.group,
            "session.timeout.ms": session, "heartbeat.interval.ms": session // 4,
            "partition.assignment.strategy": "cooperative-sticky",
            "isolation.level": "read_committed", "auto.offset.reset": "earliest", "enable.auto.commit": False,
        })

    def run(self):
        signal.signal(signal.SIGTERM, lambda *_: self.stopping.set())
        self.transact(lambda: [self.database.execute(table) for table in (OFFSETS, ROWS.format(self.table))])
        self.consumer.subscribe([self.topic], on_assign=self.assigned, on_revoke=self.gone, on_lost=self.gone)
        try:
            while not self.stopping.is_set():
                self.round(self.consumer.consume(self.batch, timeout=0.1))  # in consume alone partitions come and go
        finally:
            self.consumer.close()

    def round(self, messages):
        batches = {}
        for message in (m for m in messages if not m.error()):
            batches.setdefault(message.partition(), []).append(message)
        ends = {p: batch[-1].offset() + 1 for p, batch in batches.items()}
        if self.mode != "at-most-once":
            self.owed |= {p: ends[p] for p in (batches and self.write(batches))}
            self.owed = {p: self.owed[p] for p in self.owed.keys() - self.commit(self.owed)}
        elif batches:
            taken = self.commit(ends)
            self.write({p: batch for p, batch in batches.items() if p in taken})
            for p in {p.partition for p in self.consumer.assignment()} & (ends.keys() - taken):
                self.consumer.seek(TopicPartition(self.topic, p, batches[p][0].offset()))  # not committed, not written

    def write(self, batches):
        """Returns the batches that are in the database: not those of partitions that are another owner's."""
        try:
            self.transact(lambda: [self.insert(partition, batch) for partition, batch in batches.items()])
        except Fenced as fenced:
            self.ask(*fenced.args)
            return self.write({p: batch for p, batch in batches.items() if p != fenced.args[0]})
        for partition in self.owned.keys() & batches.keys():
            self.owned[partition] = self.owned[partition][0], batches[partition][-1].offset() + 1
        return batches

    def transact(self, work):
        """Does the work in one transaction, again and again while the database is away."""
        for attempt in itertools.count():
            try:
                self.database.execute("BEGIN IMMEDIATE")
                with self.database:  # commits, or rolls back
                    return work()
            except sqlite3.OperationalError as error:
                print(f"msg=retrying attempt={attempt} error={error}", flush=True)
            if self.stopping.wait(min(self.delay * 2 ** attempt, self.longest) / 1000):
                sys.exit()  # told to stop

    def insert(self, partition, batch):
        if self.mode == "exactly-once":
            move = batch[-1].offset() + 1, self.group, self.topic, partition, *self.owned[partition]
            if self.database.execute(ADVANCE, move).rowcount == 0:
                raise Fenced(partition, batch[0].offset())
        for message in batch:
            row = self.topic, partition, message.offset(), *(t and t.decode() for t in (message.key(), message.value()))
            try:
                self.database.execute(f"INSERT INTO {self.table} VALUES (?, ?, ?, ?, ?)", row)
            except sqlite3.IntegrityError as error:
                sys.exit(f"topic {self.topic} partition {partition} offset {message.offset()} to table {self.table}: "
                         f"{error}; correct what it complains of, then start again")

    def commit(self, ends):
        """Tells the group how far the work is. Returns the partitions of which it was told."""
        offsets = [TopicPartition(self.topic, *end) for end in ends.items()]
        try:
            told = offsets and self.consumer.commit(offsets=offsets, asynchronous=False)
            return {p.partition for p in told if not p.error}
        except KafkaException as error:  # this is no member of it, or not of its present generation
            print(f"trouble: {error}", flush=True)
            return set()

    def claim(self, partition):
        """Makes a partition this member's, and returns where to go on; -1: there are no rows yet."""
        place = self.group, self.topic, partition
        self.owned[partition] = self.transact(lambda: self.database.execute(CLAIM, place).fetchone())
        return self.owned[partition][1]

    def ask(self, partition, first):
        """Asks the group who is right: it takes no commit of one who has lost the partition."""
        print(f"fenced: partition {partition} has another owner's epoch", flush=True)
        if self.commit({partition: max(self.owned[partition][1], first)}):
            end = self.claim(partition)
            self.consumer.seek(TopicPartition(self.topic, partition, first if end < 0 else end))

    def assigned(self, consumer, partitions):
        if self.stopping.is_set():
            return  # close() tells of it, and a commit would wait for ever
        for p in partitions if self.mode == "exactly-once" else ():
            if (end := self.claim(p.partition)) >= 0:
                p.offset = end
        self.commit({p.partition: p.offset for p in partitions if p.offset >= 0})  # the last owner may have died first
        consumer.incremental_assign(partitions)

    def gone(self, _, partitions):
        for p in partitions:
            self.owned.pop(p.partition, None)
            self.owed.pop(p.partition, None)


def main(writer=Writer):
    writer().run()


if __name__ == "__main__":
    main()
