"""A consumer that reads records of all versions of a schema by its own one, with aiokafka and fastavro.

Unknown fields are ignored, and missing ones have their defaults. A record that lacks a field without a default, or that
is in no schema, goes to the dead-letter topic as it was. One whose schema cannot be had at the moment waits, with those
behind it in its partition; other partitions go on.
"""

import asyncio
import io
import json
import os
import signal

import fastavro
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError

import registry


class Unreadable(Exception):
    """What keeps a record from being read: a class, and a message."""


class Reader:
    def __init__(self):
        env = os.environ
        self.topic, self.dead_letters, self.version = env["TOPIC"], env["DEAD_LETTER_TOPIC"], env["READER_VERSION"]
        self.registry = registry.Registry(env["REGISTRY"], int(env["BACKOFF_MS"]), int(env["BACKOFF_MAX_MS"]))
        self.consumer = AIOKafkaConsumer(
            self.topic,
            bootstrap_servers=env["BOOTSTRAP_SERVERS"],
            client_id=env["CLIENT_ID"],
            group_id=env["GROUP_ID"],
            session_timeout_ms=int(env["SESSION_TIMEOUT_MS"]),
            heartbeat_interval_ms=int(env["SESSION_TIMEOUT_MS"]) // 4,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        self.producer = AIOKafkaProducer(
            bootstrap_servers=env["BOOTSTRAP_SERVERS"], client_id=env["CLIENT_ID"], enable_idempotence=True)
        self.schema = None  # to read by
        self.warned = set()
        self.lanes = {}  # by partition: the work on it that was begun last
        self.stopping = asyncio.Event()

    async def run(self):
        await self.consumer.start()
        await self.producer.start()
        while not self.stopping.is_set():
            fetched = await self.consumer.getmany(timeout_ms=100)
            for partition, records in fetched.items():
                self.lanes[partition] = asyncio.create_task(self.work(partition, records, self.lanes.get(partition)))
            for lane in self.lanes.values():
                if lane.done():
                    lane.result()  # an error ends the application
        self.registry.stopping.set()
        await asyncio.gather(*self.lanes.values(), return_exceptions=True)
        await self.consumer.stop()
        await self.producer.stop()

    async def work(self, partition, records, before):
        if before:
            await before
        for record in records:
            try:
                await self.read(record)
            except Unreadable as why:
                await self.set_aside(record, *why.args)
            else:
                self.tell("processed", record)
            try:
                await self.consumer.commit({partition: record.offset + 1})
            except KafkaError as error:  # whoever has the partition by now reads it again
                print(f"trouble: {error!r}", flush=True)

    async def read(self, record):
        if record.value is None:
            return  # a tombstone has nothing to read
        if record.value[:1] != registry.MAGIC or len(record.value) < 5:
            raise Unreadable("wire-format", "not the wire format: it begins with 0 and a schema id")
        number = int.from_bytes(record.value[1:5], "big")
        try:
            self.schema = self.schema or await self.own_schema()
            writer = await asyncio.to_thread(self.registry.schema, number)
        except registry.Unknown:
            raise Unreadable("unknown-schema", f"the registry has no schema id {number}") from None
        missing, defaulted = compare(writer, self.schema)
        value = self.decode(record.value[5:], writer, missing, defaulted)
        for field in missing:
            if (field, number) not in self.warned:
                self.warned.add((field, number))
                self.tell("warning", record, f"schema={number} field={field}")
        if missing:
            raise Unreadable("missing-field", f"no field {', '.join(missing)}, which has no default")
        self.tell("read", record, f"value={json.dumps(json.dumps(value))} defaulted={','.join(defaulted)}")

    async def own_schema(self):
        return await asyncio.to_thread(self.registry.version, f"{self.topic}-value", self.version)

    def decode(self, payload, writer, missing, defaulted):
        there = [f for f in self.schema["fields"] if not any(name.split(".")[0] == f["name"] for name in missing)]
        try:
            written = fastavro.schemaless_reader(io.BytesIO(payload), writer)
            value = fastavro.schemaless_reader(io.BytesIO(payload), writer, {**self.schema, "fields": there})
        except Exception as error:  # bytes may be wrong in many ways
            raise Unreadable("schema-mismatch", f"{type(error).__name__}: {error}") from None
        # An enum has a default for symbols that the reader does not know.
        defaulted += [name for name, text in value.items() if isinstance(text, str) and written.get(name, text) != text]
        return value

    async def set_aside(self, record, kind, message):
        why = {"source-topic": record.topic, "source-partition": record.partition, "source-offset": record.offset,
               "error-class": kind, "error-message": message}
        await self.producer.send_and_wait(
            self.dead_letters, key=record.key, value=record.value, timestamp_ms=record.timestamp,
            headers=[*record.headers, *((f"dlq-{name}", str(text).encode()) for name, text in why.items())])
        self.tell("dead-lettered", record, f"class={kind}")

    def tell(self, what, record, detail=""):
        place = f"topic={record.topic} partition={record.partition} offset={record.offset}"
        print(f"msg={what} {place} {detail}", flush=True)


def compare(writer, reader):
    """Returns the reader's fields that the writer lacks: without a default, and with one. Records may be nested."""
    missing, defaulted, written = [], [], {field["name"]: field for field in writer["fields"]}
    for field in reader["fields"]:
        same = [written[name] for name in [field["name"], *field.get("aliases", [])] if name in written]
        if not same:
            (defaulted if "default" in field else missing).append(field["name"])
        elif all(isinstance(f["type"], dict) and f["type"]["type"] == "record" for f in (field, same[0])):
            for found, names in zip((missing, defaulted), compare(same[0]["type"], field["type"])):
                found += [f"{field['name']}.{name}" for name in names]
    return missing, defaulted


async def main(reader=Reader):
    application = reader()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, application.stopping.set)
    await application.run()


if __name__ == "__main__":
    asyncio.run(main())
