import importlib
import os

import pytest

# ORDERS=wrong_orders runs the tests on the program with a mistake.
orders = importlib.import_module(os.environ.get("ORDERS", "orders"))

SENT = [f"order-{n}" for n in range(100)]


def test_all_orders_arrive(broker):
    broker.create_topic("orders", partitions=3)
    orders.send(broker.bootstrap, SENT)
    assert sorted(r["value"] for r in broker.records("orders")) == sorted(SENT)


def test_a_lost_answer_repeats_no_order(broker):
    broker.create_topic("orders", partitions=1)
    lost = broker.inject('the next Produce request from "client" to "orders" is cut off after the broker acted')
    orders.send(broker.bootstrap, SENT)
    assert lost.fired == 1, "the fault struck nothing, so this shows nothing"
    attempts = broker.facts("produce-attempt")
    assert len(attempts) > 1, "it never tried again"
    assert sorted(r["value"] for r in broker.records("orders")) == sorted(SENT), "orders were lost or repeated"


def test_an_order_that_is_refused_is_told(broker):
    broker.create_topic("orders", partitions=1)
    broker.inject('every Produce request to "orders" fails with TOPIC_AUTHORIZATION_FAILED')
    with pytest.raises(RuntimeError, match="refused"):
        orders.send(broker.bootstrap, SENT)
    assert broker.records("orders") == []
