"""A worker is killed with -9 while a mail server takes its time: what it held waits, all others go out at once."""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from notices import services, ways
from notices.models import Notice
from tests.faults.sweepers import ROOT, surroundings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
SEND = """
import django; django.setup()
from django.utils import timezone
from notices import services
services.deliver_due(timezone.now())
"""


@pytest.fixture
def silent() -> Iterator[int]:
    """A mail server that takes the call and says nothing; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def row() -> Notice:
    return put("one")


def put(key: str) -> Notice:
    at = timezone.now()
    services.add(services.to_address(f"{key}@example.com", "received", key=key, at=at, topic="Q1", context={"url": ""}))
    return Notice.objects.get(key=key)


@pytest.fixture
def sender(silent: int, row: Notice) -> Iterator[subprocess.Popen]:
    """A worker in the middle of sending `row`."""
    here = surroundings() | {"EMAIL_URL": f"smtp://127.0.0.1:{silent}", "DJANGO_SETTINGS_MODULE": "config.settings"}
    process = subprocess.Popen([sys.executable, "-c", SEND], cwd=ROOT, env=here)
    try:
        end = time.monotonic() + 60
        while not ways.is_taken("email"):
            assert process.poll() is None and time.monotonic() < end
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


def until_free() -> None:
    """The database notices within a moment that a process is gone."""
    end = time.monotonic() + 10
    while ways.is_taken("email"):
        assert time.monotonic() < end
        time.sleep(0.02)


def test_the_way_is_free_when_its_sender_is_killed_and_only_what_it_held_waits(
    sender: subprocess.Popen, row: Notice
) -> None:
    other, now = put("two"), timezone.now()
    assert services.deliver_due(now) == 0, "while it lives the way is left to it"
    sender.send_signal(signal.SIGKILL)
    sender.wait()
    until_free()
    assert services.deliver_due(now) == 1
    row.refresh_from_db(), other.refresh_from_db()
    assert (other.state, row.state, row.unsure) == ("sent", "waiting", 1)
    assert services.deliver_due(now + timedelta(seconds=121)) == 1
    row.refresh_from_db()
    assert row.state == "sent"


def test_where_the_lock_stays_behind_the_way_is_free_when_the_claim_ends(sender: subprocess.Popen, row: Notice) -> None:
    """As behind PgBouncer in transaction mode, which keeps the connection on which a worker took it."""
    kept, over = threading.Event(), threading.Event()

    def keeps() -> None:
        with ways.taken("email"):
            kept.set()
            over.wait(60)
        connection.close()

    keeper = threading.Thread(target=keeps)
    keeper.start()
    try:
        assert kept.wait(10)
        sender.send_signal(signal.SIGKILL)
        sender.wait()
        put("two")
        assert services.deliver_due(row.created_at + timedelta(seconds=100)) == 0
        assert services.deliver_due(row.created_at + timedelta(seconds=200)) == 2
    finally:
        over.set()
        keeper.join()


def test_a_sender_that_is_done_leaves_the_way(row: Notice) -> None:
    assert services.deliver_due(timezone.now()) == 1
    assert not ways.is_taken("email")
