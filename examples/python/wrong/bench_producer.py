"""Stamps each event when it is sent. What could not be sent while the cluster stood still looks as fast as ever."""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import bench_producer  # noqa: E402


class Flattering(bench_producer.Load):
    def due(self, number, start):
        super().due(number, start)
        return time.time_ns()


bench_producer.main(Flattering)
