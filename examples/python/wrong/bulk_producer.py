"""Chooses partitions by Python's own hash, which differs from process to process."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import bulk_producer  # noqa: E402


class Scattered(bulk_producer.Loader):
    def send(self, key, value):
        partitions = sorted(self.producer.partitions_for(self.topic))
        mine = partitions[hash(key) % len(partitions)]
        self.producer.send(self.topic, key=key, value=value, partition=mine).add_callback(self.count)


bulk_producer.main(Scattered)
