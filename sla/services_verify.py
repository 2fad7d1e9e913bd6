"""What clocks hold, against what their events say when replayed. Replay is the truth (`sla.md`, Rules)."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from sla import explaining, rulebook
from sla.clockwork import replay_of, settled_at
from sla.models import Clock, ClockEvent, Heartbeat

log = logging.getLogger(__name__)
CHUNK = 2000
HEARTBEAT = "clocks"


def verify(at: datetime) -> int:
    """`differing`, with the outcome kept for the health page."""
    found = differing(at)
    data = {"differing": len(found), "first": found[:20]}
    Heartbeat.objects.update_or_create(name=HEARTBEAT, defaults={"at": at, "data": data})
    return len(found)


def differing(at: datetime) -> list[int]:
    """Ids of clocks whose kept due time, breach or used time is not the replayed one. Two queries for 2,000 clocks."""
    found, targets = [], rulebook.Targets()
    for clock, events in stored():
        if wrong := difference(clock, events, at, targets):
            log.error("clock %s: %s differs from its events", clock.pk, wrong)
            found.append(clock.pk)
    return found


def stored() -> Iterator[tuple[Clock, list[ClockEvent]]]:
    last = 0
    while clocks := list(Clock.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        events: dict[int, list[ClockEvent]] = defaultdict(list)
        for event in ClockEvent.objects.filter(clock__in=clocks).order_by("at", "pk"):
            events[event.clock_id].append(event)
        yield from ((clock, events[clock.pk]) for clock in clocks)
        last = clocks[-1].pk


def difference(clock: Clock, events: list[ClockEvent], at: datetime, targets: rulebook.Targets) -> str:
    """The name of what differs; empty when all agrees. A void clock has nothing that could be wrong."""
    if clock.state == Clock.State.VOID:
        return ""
    upto = min(at, clock.stopped_at) if clock.stopped_at else at
    run = replay_of(explaining.going(events) if clock.stopped_at is None else events, upto, targets, settled_at(clock))
    if clock.state != Clock.State.PAUSED and clock.due_at != run.due:
        return "due_at"
    set_back = clock.breached_at and clock.stopped_at and clock.stopped_at <= clock.breached_at  # the server's time was
    if clock.breached_at is not None and clock.breached_at != run.breached_at and not set_back:
        return "breached_at"
    if clock.state == Clock.State.MET and run.breached_at is not None:
        return "state"
    if clock.elapsed_s is not None and clock.elapsed_s != int(run.elapsed.total_seconds()):
        return "elapsed_s"
    return ""
