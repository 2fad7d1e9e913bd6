"""Imported cases have exactly the clocks that the engine gives the same events one by one, so every figure agrees."""

import json
import random
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import pytest

from sla.clockwork import Clockwork
from sla.models import Accountability, Clock, ClockEvent, DueItem, SlaPolicy
from sla.services import Steps
from sla.services_overdue import record_late
from sla.services_setup import create_defaults
from tests.make import moment
from tickets.imported import lines as import_lines
from tickets.imported import services as services_import
from tickets.imported.services_import_names import Names
from tickets.imported.story import COLUMNS, events_of, past_ticket
from tickets.models import Ticket, TicketEvent
from tickets.workflow import Status

pytestmark = pytest.mark.django_db
NOW = moment("2026-11-23 12:00")
CASES = 200


def lines() -> list[import_lines.Line]:
    dice = random.Random(7)
    return [import_lines.read(json.dumps(line_of(dice, n)), now=NOW) for n in range(CASES)]


def line_of(dice: random.Random, n: int) -> dict[str, Any]:
    """Any channel, nature and tier; answered within minutes or weeks, reopened up to twice, or still open."""

    def later(at: datetime) -> datetime:
        return min(at + timedelta(seconds=dice.choice([60, 3000, 20_000, 90_000, 700_000]) * dice.random() * 2), NOW)

    received = moment("2026-08-01 00:00") + timedelta(seconds=dice.randrange(110 * 86_400))
    line: dict[str, Any] = {
        "external_id": str(n),
        "channel": dice.choice(["web", "phone", "review", "letter"]),
        "nature": dice.choice(["complaint", "inquiry", "suggestion"]),
        "tier": dice.choice(["L1", "L2", "L3", None]),
        "department": dice.choice(["售后", "物流", None]),
        "owner": dice.choice(["甲", "乙", None]),
        "content": "漏水",
        "received_at": received.isoformat(),
    }
    moments = [received]
    if dice.random() < 0.85:
        moments.append(later(received))
        line["first_response_at"] = moments[-1].isoformat()
    line["resolved_at"], line["reopened_at"] = [], []
    for place in range(dice.choice([0, 1, 1, 1, 2, 3])):
        if place:
            moments.append(later(moments[-1] + timedelta(seconds=1)))
            line["reopened_at"].append(moments[-1].isoformat())
        if place == 0 or dice.random() < 0.8:
            moments.append(later(moments[-1] + timedelta(seconds=1)))
            line["resolved_at"].append(moments[-1].isoformat())
        else:
            break
    if line["resolved_at"] and len(line["resolved_at"]) > len(line["reopened_at"]) and dice.random() < 0.5:
        line["closed_at"] = later(moments[-1]).isoformat()
        line["satisfaction"] = dice.choice(["satisfied", "dissatisfied"])
    return line


def slowly(line: import_lines.Line, names: Names) -> Ticket:
    """One ticket saved, then its events, round by round, through the engine that live tickets use."""
    department, owner = names.departments.get(line.department), names.users.get(line.owner)
    past = past_ticket(
        line, pk=0, source="slow", department=department, owner=owner, category=None, region=None, customer=None
    )
    events = events_of(line, past, at=NOW)
    ticket = Ticket.objects.create(**{name: getattr(past, name) for name in COLUMNS if name != "id"})
    final = ticket.status
    for round_, wave in groupby(events, key=lambda event: event.round):
        told = [
            TicketEvent.objects.create(
                ticket=ticket, at=event.at, kind=event.kind, actor=event.actor, by_customer=event.by_customer,
                round=event.round, version=event.version, status=event.status, data=event.data,
            )
            for event in wave
        ]  # fmt: skip
        ticket.round, ticket.status = round_, final if round_ == past.round else Status.RESOLVED
        work = Clockwork.of([ticket])
        steps = Steps(work)
        for event in told:
            steps.take(event)
        work.save()
        record_late(work.missed, imported=True)
    ticket.save()
    return ticket


def everything(ticket: Ticket) -> dict[str, Any]:
    """All that figures, lists and the sweep read of a ticket, without keys."""
    ticket = Ticket.objects.get(pk=ticket.pk)
    clocks = ("metric", "round", "started_at")
    without = {"id", "number", "source"}
    return {
        "ticket": {f.attname: getattr(ticket, f.attname) for f in Ticket._meta.fields if f.name not in without},
        "events": sorted(
            ticket.events.values_list("version", "at", "kind", "actor", "by_customer", "round", "status", "data"),
            key=lambda row: row[0],
        ),
        "clocks": list(
            Clock.objects.filter(ticket=ticket).order_by(*clocks).values_list(
                *clocks, "target", "due_at", "due_version", "soon_at", "state", "stopped_at", "breached_at",
                "decided_at", "elapsed_s", "answerable", "provisional", "assignment",
            )
        ),
        "clock events": list(
            ClockEvent.objects.filter(clock__ticket=ticket).order_by("clock__round", "clock__metric", "pk").values_list(
                "clock__metric", "at", "kind", "by", "reason", "due_before", "due_after", "data"
            )
        ),
        "due items": list(
            DueItem.objects.filter(clock__ticket=ticket).order_by("clock__round", "clock__metric", "fire_at", "threshold")
            .values_list("clock__metric", "threshold", "fire_at", "fired_at", "due_version", "failures")
        ),
        "accountability": list(
            Accountability.objects.filter(ticket=ticket).order_by("clock__round", "ground").values_list(
                "ground", "clock__round", "person", "department", "opened_at", "outcome"
            )
        ),
    }  # fmt: skip


def test_the_short_way_and_the_engine_agree_on_two_hundred_cases() -> None:
    create_defaults()
    cases, names = lines(), Names()
    assert services_import.import_batch(cases, source="fast", names=names, at=NOW) == CASES
    fast = {ticket.external_id: ticket for ticket in Ticket.objects.filter(source="fast")}
    for line in cases:
        slow = slowly(line, names)
        assert everything(fast[line.external_id]) == everything(slow), line
    states = set(Clock.objects.values_list("state", flat=True))
    assert {"met", "missed", "running"} <= states
    assert Accountability.objects.exists()
    assert DueItem.objects.exists()
    assert Ticket.objects.filter(round__gte=3).exists()


def test_a_limit_that_begins_in_the_middle_of_the_import_holds_from_its_day() -> None:
    create_defaults()
    strict = SlaPolicy.objects.get(is_default=True)
    SlaPolicy.objects.exclude(pk=strict.pk).update(active_from=moment("2026-10-01 00:00"))
    cases, names = lines()[:60], Names()
    services_import.import_batch(cases, source="fast", names=names, at=NOW)
    fast = {ticket.external_id: ticket for ticket in Ticket.objects.filter(source="fast")}
    for line in cases:
        assert everything(fast[line.external_id]) == everything(slowly(line, names)), line
    assert Clock.objects.values("target__policy").distinct().count() > 1
