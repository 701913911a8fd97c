"""A shop: takes orders over HTTP, writes them to Kafka, and has each of them paid by another service.

An order is on its topic before it is answered. What has been read from there is paid with the order's id as the
idempotency key, again and again until the service has accepted it, and is committed only then: after a crash an order
may be paid for twice with one key, which is one payment.
"""

import json
import os
import signal
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from confluent_kafka import Consumer, KafkaException, Producer

SERVERS, TOPIC = os.environ["BOOTSTRAP_SERVERS"], os.environ["ORDERS_TOPIC"]
producer = Producer({"bootstrap.servers": SERVERS, "client.id": os.environ["CLIENT_ID"], "enable.idempotence": True,
                     "linger.ms": 0})
paid = {}  # by order id
running = threading.Event()
running.set()


class Shop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, said):
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        order = self.path.removeprefix("/orders/")
        if self.path == "/health":
            self.answer(200, {"state": "up"})
        elif order in paid:
            self.answer(200, {"id": order, "state": paid[order]})
        else:
            self.answer(404, {"error": "no such order, or it is not paid yet"})

    def do_POST(self):
        try:
            order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            key, amount = order["id"], order["amount"]
        except (ValueError, KeyError, TypeError):
            return self.answer(400, {"error": "want an id and an amount"})
        if not isinstance(amount, int) or amount <= 0:
            return self.answer(422, {"error": "want a positive amount"})
        failed = []
        producer.produce(TOPIC, json.dumps(order), key, on_delivery=lambda error, _: error and failed.append(error))
        if producer.flush(10) or failed:
            return self.answer(503, {"error": "the order could not be kept; send it again"})
        self.answer(201, {"id": key, "state": "open"})

    def log_message(self, *_):
        pass


def pay(key, order):
    """Asks until the payment is accepted; a refusal for good is the state of the order."""
    body = json.dumps({"order": key, "amount": order["amount"]}).encode()
    while running.is_set():
        request = urllib.request.Request(os.environ["PAYMENTS_URL"] + "/payments", body,
                                         {"Content-Type": "application/json", "Idempotency-Key": key})
        try:
            with urllib.request.urlopen(request, timeout=2) as answer:
                return json.load(answer)["state"]
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return "refused"
        except OSError:
            pass
        time.sleep(0.05)
    return None


def work(consumer):
    while running.is_set():
        message = consumer.poll(0.1)
        if message is None or message.error():
            continue
        key = message.key().decode()
        if key not in paid:
            state = pay(key, json.loads(message.value()))
            if state is None:
                return  # it stops, and the order is left for the next one
            paid[key] = state
        try:
            consumer.commit(message, asynchronous=False)
        except KafkaException:
            pass  # the group gives the partition to somebody else, who reads it again


def main():
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Shop)
    consumer = Consumer({"bootstrap.servers": SERVERS, "client.id": os.environ["CLIENT_ID"],
                         "group.id": os.environ["GROUP_ID"], "auto.offset.reset": "earliest",
                         "enable.auto.commit": False})
    consumer.subscribe([TOPIC])
    worker = threading.Thread(target=work, args=[consumer])
    worker.start()

    def stop(*_):
        running.clear()
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    server.serve_forever()
    worker.join()
    consumer.close()


main()
