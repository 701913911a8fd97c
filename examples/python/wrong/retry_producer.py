"""Sends a record again by itself when it failed. The broker takes that for another record: it is there twice."""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import retry_producer  # noqa: E402


class Insistent(retry_producer.Sender):
    def settings(self):
        return {**super().settings(), "enable.idempotence": False, "acks": "all", "message.send.max.retries": 0}

    def send(self, topic, events):
        for attempt in range(self.attempts):
            refused = super().send(topic, events)
            events = [event for event, _ in refused]
            if not events:
                break
            time.sleep(0.05 * 2 ** attempt)
        return refused


retry_producer.main(Insistent)
