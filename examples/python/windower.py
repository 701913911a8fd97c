"""Windows of event time, each emitted exactly once, with confluent-kafka.

The time of an event is its record's timestamp; no clock decides anything. A window is emitted when the slowest active
partition has passed its end and the grace. What comes later than that goes to the late topic.
"""

import datetime
import json
import os

from confluent_kafka import TopicPartition

import exactly_once

IDLE_MS = 3_600_000  # a partition that has been read to its end, and is further behind, holds nothing back


class Windower(exactly_once.ExactlyOnce):
    def __init__(self):
        super().__init__([os.environ["TOPIC"]], os.environ["CHANGELOG_TOPIC"])
        self.windows, self.late, self.field = (os.environ[name] for name in ("WINDOWS_TOPIC", "LATE_TOPIC", "FIELD"))
        self.size, self.grace = int(os.environ["SIZE_MS"]), int(os.environ["GRACE_MS"])

    def fresh(self):
        return {"stream": 0, "closed": 0, "open": {}}  # the latest time; up to where windows are emitted; windows

    def note(self, task):
        return str(task.state["stream"])

    def process(self, task, message):
        try:
            value = self.value(message)
        except ValueError as error:
            yield self.set_aside(message, "unreadable", error)
            return
        state, at = task.state, message.timestamp()[1]
        start = at - at % self.size
        passed = max(state["stream"], state["closed"])
        state["stream"] = max(state["stream"], at)
        if passed >= start + self.size + self.grace:
            yield self.set_aside(message, "late", f"its window ended at {clock(start + self.size)}")
            return
        window = state["open"].setdefault(f"{start} {message.key().decode()}",
                                          {"count": 0, "sum": 0, "min": value, "max": value})
        window["count"] += 1
        window["sum"] += value
        window["min"], window["max"] = min(window["min"], value), max(window["max"], value)

    def value(self, message):
        try:
            event = json.loads(message.value())
        except (TypeError, ValueError) as error:
            raise ValueError(f"not a JSON object: {error}") from None
        if not isinstance(event, dict):
            raise ValueError("not a JSON object")
        if not isinstance(event.get(self.field), (int, float)):
            raise ValueError(f'no field "{self.field}"')
        return event[self.field]

    def set_aside(self, message, reason, detail):
        why = {"late-reason": reason, "late-detail": detail, "late-source-partition": message.partition(),
               "late-source-offset": message.offset()}
        return {"topic": self.late, "key": message.key(), "value": message.value(), "timestamp": message.timestamp()[1],
                "headers": (message.headers() or []) + [(name, str(text).encode()) for name, text in why.items()]}

    def advance(self):
        """Emits the windows that are over."""
        watermark = self.watermark()
        for task in self.tasks.values():
            state = task.state
            if not state["stream"]:
                continue  # a partition without events has nothing to emit, and its first one is never late
            if watermark > max(state["stream"], state["closed"]):
                task.changed = True  # it is idle, and its own events are late from here on
            state["closed"] = max(state["closed"], watermark)
            places = (place.split(" ", 1) for place in list(state["open"]))
            for start, key in sorted((int(start), key) for start, key in places):
                end = start + self.size
                if end + self.grace <= watermark:
                    window = {"start": clock(start), "end": clock(end), **state["open"].pop(f"{start} {key}")}
                    task.changed = True
                    yield {"topic": self.windows, "key": key, "value": json.dumps(window), "timestamp": end - 1}

    def watermark(self):
        """The time that each partition has passed that is not idle, whoever owns it; 0 while one has no time yet."""
        times = [(task.state["stream"], all(task.at_end.values())) for task in self.tasks.values()] + self.others()
        fastest = max((at for at, _ in times), default=0)
        return min((at for at, ended in times if not (ended and (at == 0 or fastest - at > IDLE_MS))), default=0)

    def others(self):
        """How far the partitions of other members are, as they have committed."""
        topic = self.topics[0]
        numbers = self.consumer.list_topics(topic, timeout=10).topics[topic].partitions.keys() - self.tasks.keys()
        if not numbers or not self.tasks:
            return []
        times = []
        for p in self.consumer.committed([TopicPartition(topic, number) for number in numbers], timeout=10):
            start, end = self.consumer.get_watermark_offsets(TopicPartition(topic, p.partition), timeout=10)
            times.append((int(p.metadata or 0), max(start, p.offset) >= end))
        return times


def clock(at):
    return datetime.datetime.fromtimestamp(at / 1000, datetime.timezone.utc).isoformat()


if __name__ == "__main__":
    exactly_once.main(Windower)
