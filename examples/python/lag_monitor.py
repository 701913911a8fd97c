"""A monitor of how far a group is behind, with kafka-python.

It is no member of the group. It compares where the group has committed with where the partitions begin and end, raises
one alert for each breach, and clears it once. Whether a group that is behind is stopped, stalled or slow is told by
what it did over a window of time: Burrow's rules.
"""

import collections
import datetime
import http.server
import os
import signal
import threading
import time

from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import KafkaError
from kafka.protocol.consumer import IsolationLevel

Sample = collections.namedtuple("Sample", "at lag committed owned")


class Partition:
    """What is remembered of a partition from look to look."""

    def __init__(self, threshold, patience, window):
        self.threshold, self.patience, self.window = threshold, patience, window
        self.start, self.end, self.committed, self.lag = 0, 0, -1, 0
        self.alert, self.since = False, None  # when the breach began
        self.samples, self.status = collections.deque(), "unknown"

    def alarm(self, now):
        """Returns "alert" or "cleared" when that has changed."""
        if self.lag <= self.threshold:
            was, self.alert, self.since = self.alert, False, None
            return "cleared" if was else None
        self.since = now if self.since is None else self.since
        if self.alert or now - self.since < self.patience:
            return None
        self.alert = True
        return "alert"

    def judge(self, sample):
        self.samples.append(sample)
        while len(self.samples) > 1 and sample.at - self.samples[1].at >= self.window:
            self.samples.popleft()
        first, middle = self.samples[0], sample.at - self.window / 2
        earlier = [s.lag for s in self.samples if s.at < middle]
        later = [s.lag for s in self.samples if s.at >= middle]
        if any(s.lag == 0 for s in self.samples):
            return "ok"
        if sample.at - first.at < self.window:
            return "unknown"
        if earlier and min(later) < min(earlier):  # single looks between two commits decide nothing
            return "ok"
        if any(s.committed != first.committed for s in self.samples):
            return "slow"
        return "stalled" if any(s.owned for s in self.samples) else "stopped"


class Monitor:
    def __init__(self):
        self.group, self.topic = os.environ["WATCHED_GROUP"], os.environ["TOPIC"]
        self.threshold = int(os.environ["THRESHOLD"])
        self.poll, self.patience, self.window = (
            int(os.environ[name]) / 1000 for name in ("POLL_MS", "FOR_MS", "WINDOW_MS"))
        self.isolation = IsolationLevel[os.environ["ISOLATION"].replace("-", "_").upper()]
        self.admin = KafkaAdminClient(
            bootstrap_servers=os.environ["BOOTSTRAP_SERVERS"].split(","), client_id=os.environ["CLIENT_ID"])
        self.partitions = {}
        self.stopping = threading.Event()

    def run(self):
        self.serve_metrics()
        while not self.stopping.is_set():
            try:
                self.look()
            except KafkaError as error:  # the next look is soon
                print(f"trouble: {error!r}", flush=True)
            self.stopping.wait(self.poll)

    def look(self):
        numbers = [p["partition_index"] for p in self.admin.describe_topics([self.topic])[0]["partitions"]]
        places = [TopicPartition(self.topic, number) for number in sorted(numbers)]
        # The ends first: what is written or committed after that makes the lag no larger than it was.
        ends = self.admin.list_partition_offsets({p: OffsetSpec.LATEST for p in places}, self.isolation)
        committed = self.admin.list_group_offsets({self.group: None})[self.group]
        starts = self.admin.list_partition_offsets({p: OffsetSpec.EARLIEST for p in places})
        owned, now = self.owned(), time.monotonic()
        for place in places:
            p = self.partitions.setdefault(place.partition, Partition(self.threshold, self.patience, self.window))
            p.start, p.end = starts[place].offset, ends[place].offset
            p.committed = committed[place].offset if place in committed else -1
            p.lag = self.lag(p)
            if change := p.alarm(now):
                self.tell(change, place, f"lag={p.lag} threshold={self.threshold}")
            status = p.judge(Sample(now, p.lag, p.committed, place in owned))
            if status != p.status:
                p.status = status
                self.tell("status", place, f"status={status}")

    def lag(self, p):
        """Counts from the start of the log where nothing is committed, or what was is gone."""
        return max(0, p.end - max(p.start, p.committed))

    def owned(self):
        return {TopicPartition(topic["topic"], number)
                for member in self.admin.describe_groups([self.group])[self.group]["members"]
                if member["member_assignment"]
                for topic in member["member_assignment"]["assigned_partitions"]
                for number in topic["partitions"]}

    def tell(self, what, place, detail):
        at = datetime.datetime.now(datetime.timezone.utc).isoformat()
        where = f"topic={place.topic} partition={place.partition} group={self.group}"
        print(f"msg={what} {where} {detail} at={at}", flush=True)

    def metrics(self):
        for number, p in sorted(self.partitions.items()):
            for name, value in (("lag", p.lag), ("alert", int(p.alert)), ("committed_offset", p.committed),
                                ("start_offset", p.start), ("end_offset", p.end)):
                yield f'lag_monitor_{name}{{group="{self.group}",topic="{self.topic}",partition="{number}"}} {value}\n'

    def serve_metrics(self):
        monitor = self

        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write("".join(monitor.metrics()).encode())

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)  # any free port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"msg=metrics address=http://127.0.0.1:{server.server_port}/metrics", flush=True)


def main(monitor=Monitor):
    application = monitor()
    signal.signal(signal.SIGTERM, lambda *_: application.stopping.set())
    application.run()


if __name__ == "__main__":
    main()
