"""Limits fall due while sweeping processes are killed with -9 and Valkey is emptied: each breach exactly once."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from sla.models import Accountability, Clock, ClockEvent, DueItem
from sla.services_setup import create_defaults
from tests.make import a_ticket
from tickets.models import Ticket, TicketEvent

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]
SWEEP = """
import django; django.setup()
from django.utils import timezone
from sla.services_sweep import sweep
import time
while True:
    sweep(timezone.now(), batch=5)
    time.sleep(0.05)
"""


def start_sweeping():
    database = connection.settings_dict
    url = f"postgres://{database['USER']}:{database['PASSWORD'] or ''}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    environment = os.environ | {"DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", SWEEP], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)


def forget_everything():
    """Empties the broker's database, as its loss would."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    client.close()


def fall_due(count, seconds):
    """Tickets whose first response falls due one after the other within the next seconds."""
    begin = timezone.now()
    for number in range(count):
        a_ticket(begin, subject=f"第 {number} 件")
    first = list(Clock.objects.filter(metric="first_response").order_by("pk"))
    for number, clock in enumerate(first):
        due = begin + timedelta(seconds=1 + seconds * number / count)
        Clock.objects.filter(pk=clock.pk).update(due_at=due)
        DueItem.objects.filter(clock=clock, threshold="due").update(fire_at=due)
    return [clock.pk for clock in first]


def run(count, seconds, sweepers, chance):
    create_defaults()
    wanted = fall_due(count, seconds)
    running, kills = [start_sweeping() for _ in range(sweepers)], 0
    try:
        ends = time.monotonic() + seconds + 60
        while (
            time.monotonic() < ends
            and DueItem.objects.filter(clock__in=wanted, threshold="due", fired_at=None).exists()
        ):
            time.sleep(chance.uniform(1.0, 2.5))
            victim = chance.randrange(len(running))
            running[victim].send_signal(signal.SIGKILL)
            running[victim].wait()
            kills += 1
            forget_everything()
            running[victim] = start_sweeping()
    finally:
        for process in running:
            process.kill()
            process.wait()
    assert kills > 0
    clocks = Clock.objects.filter(pk__in=wanted)
    assert {clock.state for clock in clocks} == {"missed"}
    assert all(clock.breached_at == clock.due_at for clock in clocks)
    events = TicketEvent.objects.filter(kind="breach", data__metric="first_response")
    assert sorted(events.values_list("ticket_id", "at")) == sorted(clocks.values_list("ticket_id", "due_at"))
    assert ClockEvent.objects.filter(clock__in=wanted, kind="breach").count() == count
    assert Accountability.objects.filter(clock__in=wanted).count() == count
    for ticket in Ticket.objects.all():
        assert ticket.version == max(ticket.events.values_list("version", flat=True))


def test_every_breach_is_found_once_while_two_sweeps_are_killed():
    run(count=30, seconds=6, sweepers=2, chance=random.Random(7))


@pytest.mark.faults
@pytest.mark.soak
def test_every_breach_is_found_once_through_two_minutes_of_killing():
    run(count=1000, seconds=120, sweepers=4, chance=random.Random(11))
