"""Limits fall due while what sweeps is killed with -9 and Valkey is emptied: each breach exactly once."""

import os
import random
import time
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from config import invariants
from sla.models import Accountability, Calendar, Clock, ClockEvent, DueItem, Heartbeat, SlaPolicy, SlaTarget
from sla.services_setup import create_defaults
from tests.faults.sweepers import BEAT, LOOP, WORKER, Process, crash_database, forget_everything, surroundings
from tests.make import a_ticket
from tickets.models import Ticket, TicketEvent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
LIMIT = timedelta(hours=1)


def fall_due(count, begin, seconds):
    """Tickets whose first response falls due one after the other within `seconds` from `begin`."""
    create_defaults()
    SlaTarget.objects.exclude(metric="resolution").delete()
    always = Calendar.objects.get(code="24x7")
    ladder = [{"at": "due", "tell": [], "level": 1, "account": True}]
    SlaTarget.objects.bulk_create(
        SlaTarget(policy=policy, metric="first_response", amount=3600, unit="s", calendar=always, ladder=ladder)
        for policy in SlaPolicy.objects.all()
    )
    for number in range(count):
        due = begin + timedelta(seconds=seconds * number / count)
        a_ticket(due - LIMIT, anonymous=True, subject=f"第 {number} 件")
    return list(Clock.objects.filter(metric="first_response").order_by("pk").values_list("pk", flat=True))


def patiently(ask):
    """The answer of the database, also while it is starting again."""
    for _ in range(120):
        try:
            return ask()
        except DatabaseError:
            connection.close()
            time.sleep(0.5)
    raise AssertionError("the database did not come back")


def left(wanted):
    return DueItem.objects.filter(clock__in=wanted, threshold="due", fired_at=None).count()


def run(wanted, processes, *, kills, patience, chance, crashes=()):
    """Kill one that works, and empty the broker, until all is done and everything was killed often enough."""
    done, ends, crashes = 0, time.monotonic() + patience, dict(crashes)
    try:
        while time.monotonic() < ends and (done < kills or patiently(lambda: left(wanted))):
            time.sleep(0.1 if kills > 10 else 0.5)
            working = [process for process in processes if process.works()]
            if working and done < kills:
                victim = chance.choice(working)
                victim.kill()
                victim.deaths += 1
                done += 1
                forget_everything()
                if done in crashes:
                    whole = crashes.pop(done)
                    patiently(lambda: crash_database(whole=whole))  # noqa: B023 - called at once
                victim.start()
    finally:
        for process in processes:
            process.kill()
    assert done == kills
    assert not crashes
    return done


def check(wanted):
    clocks = Clock.objects.filter(pk__in=wanted)
    assert {clock.state for clock in clocks} == {"missed"}
    assert all(clock.breached_at == clock.due_at for clock in clocks)
    events = TicketEvent.objects.filter(kind="breach", data__metric="first_response")
    assert sorted(events.values_list("ticket_id", "at")) == sorted(clocks.values_list("ticket_id", "due_at"))
    assert ClockEvent.objects.filter(clock__in=wanted, kind="breach").count() == len(wanted)
    assert Accountability.objects.filter(clock__in=wanted).count() == len(wanted)
    assert Ticket.objects.filter(level=1).count() == len(wanted)
    assert {one.code: lines for one, lines in invariants.check(timezone.now()).items() if lines} == {}


def test_every_breach_is_found_once_while_two_sweeps_are_killed(tmp_path):
    wanted = fall_due(40, timezone.now() + timedelta(seconds=3), 6)
    environment = surroundings()
    sweepers = [Process(f"loop{number}", LOOP, tmp_path, environment) for number in range(2)]
    run(wanted, sweepers, kills=3, patience=180, chance=random.Random(7))
    check(wanted)


@pytest.mark.soak
def test_four_thousand_breaches_are_found_once_through_a_hundred_kills_and_three_crashes_of_the_database(tmp_path):
    """Two beats, two workers and two loops, any of them killed; the server's backend and then the server itself too."""
    if not connection.settings_dict["HOST"].startswith("/"):
        pytest.skip("the crash is of the embedded server, which its keeper starts again")
    count, seconds = int(os.environ.get("FAULTS_DUE", 4000)), int(os.environ.get("FAULTS_SECONDS", 360))
    kills = int(os.environ.get("FAULTS_KILLS", 100))
    wanted = fall_due(count, timezone.now() + timedelta(seconds=count * 0.03), seconds)
    environment = surroundings()
    began = time.monotonic()
    processes = [
        Process(f"{name}{number}", kind, tmp_path, environment)
        for name, kind in (("loop", LOOP), ("worker", WORKER), ("beat", BEAT))
        for number in range(2)
    ]
    crashes = {kills // 4: True, kills // 2: False, 3 * kills // 4: True}  # the server, a backend, the server again
    run(wanted, processes, kills=kills, patience=seconds + 1800, chance=random.Random(11), crashes=crashes)
    patiently(lambda: check(wanted))
    assert Heartbeat.objects.filter(name="sweep").exists()
    died = {process.name: process.deaths for process in processes}
    print(died)
    print(
        f"{count:,} breaches in {time.monotonic() - began:.0f} s, each once; {kills} kills, Valkey emptied each time, "
        f"PostgreSQL crashed {len(crashes)} times; all invariants hold"
    )
