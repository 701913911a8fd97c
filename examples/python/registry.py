"""A schema registry, for schema_producer.py and schema_consumer.py. What it cannot answer now, it is asked again."""

import json
import threading
import urllib.error
import urllib.request

MAGIC = b"\0"  # a value begins with it and the schema's id, in four bytes


class Refused(Exception):
    """The registry will not have a schema."""


class Unknown(Exception):
    """The registry has no such schema."""


class Stopped(Exception):
    """The application was told to stop while the registry was away."""


class Registry:
    def __init__(self, address, first_delay, longest_delay):
        self.address, self.first_delay, self.longest_delay = address, first_delay, longest_delay
        self.stopping = threading.Event()
        self.known = {}  # schemas by id: one never changes

    def register(self, subject, text, kind):
        """Returns the id of a schema."""
        return self.ask(f"/subjects/{subject}/versions", "id", {"schema": text, "schemaType": kind})

    def version(self, subject, version):
        """Returns the schema of a version; without one of the oldest."""
        if not version:
            return self.version(subject, min(self.ask(f"/subjects/{subject}/versions", None)))
        return json.loads(self.ask(f"/subjects/{subject}/versions/{version}", "schema"))

    def schema(self, number):
        if number not in self.known:
            self.known[number] = json.loads(self.ask(f"/schemas/ids/{number}", "schema"))
        return self.known[number]

    def ask(self, path, field, body=None):
        delay, attempt = self.first_delay, 1
        while True:
            try:
                return self.ask_once(path, field, body)
            except (OSError, ValueError, KeyError, TypeError) as error:  # nobody there, or no answer of a registry
                print(f"msg=retrying attempt={attempt} delay={delay}ms error={str(error)!r}", flush=True)
            if self.stopping.wait(delay / 1000):
                raise Stopped
            delay, attempt = min(2 * delay, self.longest_delay), attempt + 1

    def ask_once(self, path, field, body):
        request = urllib.request.Request(self.address + path, data=body and json.dumps(body).encode(),
                                         headers={"Content-Type": "application/vnd.schemaregistry.v1+json"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                found = json.load(answer)
                return found[field] if field else list(found)
        except urllib.error.HTTPError as error:
            if error.code in (409, 422):
                raise Refused(f"refused by the registry: {error.read().decode()}") from None
            if error.code == 404 and json.load(error)["error_code"] in (40401, 40402, 40403):
                raise Unknown(path) from None
            raise
