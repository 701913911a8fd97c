"""Takes the record's timestamp for the time at which the event was due."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import bench_consumer  # noqa: E402


class Mistimed(bench_consumer.Meter):
    def sent(self, event, record):
        return record.timestamp / 1000


bench_consumer.main(Mistimed)
