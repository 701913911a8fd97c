"""A member of a consumer group, with aiokafka.

aiokafka rebalances in the background. The lock keeps the work on a record and the handover of partitions apart: what is
done is committed before a partition is given up, and what was fetched before a handover is not done after it.
"""

import asyncio
import os
import signal

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaError


def milliseconds(name):
    return int(os.environ[name])


class Member(ConsumerRebalanceListener):
    def __init__(self):
        self.consumer = AIOKafkaConsumer(
            bootstrap_servers=os.environ["BOOTSTRAP_SERVERS"],
            client_id=os.environ["CLIENT_ID"],
            group_id=os.environ["GROUP_ID"],
            group_instance_id=os.environ.get("INSTANCE_ID") or None,
            partition_assignment_strategy=[RangePartitionAssignor],
            session_timeout_ms=milliseconds("SESSION_TIMEOUT_MS"),
            heartbeat_interval_ms=milliseconds("HEARTBEAT_INTERVAL_MS"),
            metadata_max_age_ms=milliseconds("METADATA_MAX_AGE_MS"),
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        self.working = asyncio.Lock()
        self.done = {}  # by partition: the offset to be read next
        self.owns = asyncio.Event()
        self.handovers = 0
        self.stopping = asyncio.Event()

    async def run(self):
        self.consumer.subscribe([os.environ["TOPIC"]], listener=self)
        await self.consumer.start()
        committer = asyncio.create_task(self.commit_now_and_then())
        try:
            while not self.stopping.is_set():
                await self.round()
        finally:
            committer.cancel()
            await self.commit()
            await self.consumer.stop()

    async def round(self):
        # It must not wait in there: what it returned after a handover would be of either side of it.
        fetched = await self.consumer.getmany(timeout_ms=0, max_records=100) if self.owns.is_set() else {}
        handovers = self.handovers
        if not fetched:
            await asyncio.sleep(0.02)
        for partition, records in fetched.items():
            for record in records:
                async with self.working:
                    if handovers != self.handovers or self.stopping.is_set():
                        return  # perhaps another member's now
                    await asyncio.sleep(milliseconds("WORK_MS") / 1000)
                    print(f"handled {record.topic} {record.partition} {record.offset}", flush=True)
                    self.done[partition] = record.offset + 1

    async def commit_now_and_then(self):
        while True:
            await asyncio.sleep(milliseconds("COMMIT_EVERY_MS") / 1000)
            async with self.working:
                await self.commit()

    async def commit(self):
        if self.done:
            try:
                await self.consumer.commit(self.done)
                self.done = {}
            except KafkaError as error:  # what is done goes with the next commit
                print(f"trouble: {error!r}", flush=True)

    async def on_partitions_revoked(self, revoked):
        async with self.working:
            self.owns.clear()
            self.handovers += 1
            for _ in range(3):  # a rebalance may have got in the way
                await self.commit()
            self.done = {}  # what is not committed now, the next owner does again

    async def on_partitions_assigned(self, assigned):
        by_topic = {}
        for partition in sorted(assigned):
            by_topic.setdefault(partition.topic, []).append(str(partition.partition))
        for topic, numbers in by_topic.items():
            print(f"assigned {topic} {','.join(numbers)}", flush=True)
        self.owns.set()


async def main(member=Member):
    application = member()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, application.stopping.set)
    await application.run()


if __name__ == "__main__":
    asyncio.run(main())
