"""The broker of kafkaspec in tests of one's own: a fixture for pytest, on nothing but the standard library.

Copy this file beside your tests and put into conftest.py: from kafkaspec_broker import broker, broker_process
"""
import json
import os
import re
import subprocess
import urllib.request
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest

START_WITHIN = 30  # seconds


class Broker:
    """The HTTP interface of `kafkaspec broker --http`, which GET /openapi.json describes."""

    def __init__(self, address):
        self.address = address
        self.bootstrap = ",".join(self._ask("GET", "/ready")["listeners"][0]["bootstrap"])

    def reset(self):
        """Starts a fresh cluster at the same addresses."""
        self._ask("POST", "/reset")

    def create_topic(self, name, partitions=1, **configs):
        configs = {key.replace("_", "."): value for key, value in configs.items()}
        self._ask("POST", "/topics", {"name": name, "partitions": partitions, "configs": configs})

    def send(self, topic, *values, key=None):
        self._ask("POST", f"/topics/{topic}/records", {"records": [{"key": key, "value": v} for v in values]})

    def records(self, topic):
        """The records of a topic, up to 1000 of each partition, as dicts with key, value, partition and offset."""
        return self._ask("GET", f"/topics/{topic}/records?limit=1000")["records"]

    def inject(self, step):
        """Disturbs requests from now on; the step is a fault as in docs/faults.md."""
        fault = self._ask("POST", "/faults", {"step": step})
        return Fault(self, fault["id"])

    def facts(self, *kinds, after=0, wait="0s"):
        """What the wire saw of clients: all kinds, or these."""
        query = urlencode([("kind", k) for k in kinds] + [("after", after), ("limit", 10_000), ("wait", wait)])
        return [json.loads(line) for line in self._request("GET", "/facts?" + query).splitlines()]

    def _ask(self, method, path, body=None):
        answer = self._request(method, path, body)
        return json.loads(answer) if answer else None

    def _request(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=90) as answer:
                return answer.read().decode()
        except HTTPError as e:
            raise AssertionError(f"{method} {path}: {json.load(e)['error']}") from None


class Fault:
    def __init__(self, broker, number):
        self.broker, self.number = broker, number

    @property
    def fired(self):
        """How many requests it has struck. A test that expects it to matter looks at this."""
        faults = self.broker._ask("GET", "/faults")["faults"]
        return next(f["fired"] for f in faults if f["id"] == self.number)

    def lift(self):
        self.broker._ask("DELETE", f"/faults/{self.number}")


@pytest.fixture(scope="session")
def broker_process():
    """The broker for all tests. KAFKASPEC names the program where it is not in PATH."""
    command = [os.environ.get("KAFKASPEC", "kafkaspec"), "broker", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            shown = ""
            for line in process.stdout:  # it ends when the process does
                shown += line
                if found := re.search(r"HTTP interface: (\S+)", line):
                    yield Broker(found.group(1))
                    break
            else:
                pytest.fail(f"kafkaspec broker ended at once, with exit code {process.wait(START_WITHIN)}: {shown}")
        finally:
            process.terminate()
            process.communicate(timeout=START_WITHIN)


@pytest.fixture
def broker(broker_process):
    """A broker with nothing in it."""
    broker_process.reset()
    return broker_process
