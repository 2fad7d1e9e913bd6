"""Why a clock is due when it is due: its events replayed into intervals that add up to the limit (`sla.md`, Rules)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sla import replay, rulebook
from sla.clockwork import RUNNING, replay_of, settled_at
from sla.models import Clock, ClockEvent
from tickets.models import Ticket

ENDS = {ClockEvent.Kind.STOP, ClockEvent.Kind.VOID, ClockEvent.Kind.BREACH}
MOVES = {ClockEvent.Kind.RETARGET, ClockEvent.Kind.EXTEND, ClockEvent.Kind.PAUSE, ClockEvent.Kind.RESUME}


@dataclass(frozen=True)
class Explained:
    clock: Clock
    events: list[ClockEvent]
    run: replay.Replay  # as if it had not been stopped, so that its intervals lead to the due time
    used_s: int

    @property
    def total_s(self) -> int:
        return round(self.run.limit.total_seconds())

    @property
    def due_at(self) -> datetime | None:
        return self.clock.due_at

    @property
    def intervals(self) -> list[dict[str, Any]]:
        """In order of time; `length_s` of the `counted` ones add up to `total_s`. What ran after the due time is one row,
        however many openings it had, so that weeks of being late are told in a line."""
        return intervals_of(self.run.spans)

    def as_json(self) -> dict[str, Any]:
        clock, target = self.clock, self.clock.target
        return {
            "metric": clock.metric,
            "round": clock.round,
            "state": clock.state,
            "started_at": clock.started_at,
            "due_at": clock.due_at,
            "stopped_at": clock.stopped_at,
            "breached_at": clock.breached_at,
            "provisional": clock.provisional,
            "explanation": {
                "rule": target["policy"],
                "unit": target["unit"],
                "amount": target["amount"],
                "calendar": target["calendar"],
                "intervals": self.intervals,
                "changes": [change(event) for event in self.events if event.kind in MOVES],
                "used_s": self.used_s,
                "total_s": self.total_s,
            },
        }


def intervals_of(spans: Iterable[replay.Span]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    exact, given = 0.0, 0
    for span in spans:
        if span.kind == replay.COUNTED:
            exact += span.length.total_seconds()
            length, given = round(exact) - given, round(exact)
        else:
            length = round(span.length.total_seconds())
        if rows and rows[-1]["kind"] == span.kind == replay.OVERDUE:
            rows[-1] |= {"end": span.end, "length_s": rows[-1]["length_s"] + length}
            continue
        rows.append(
            {"start": span.start, "end": span.end, "kind": span.kind, "length_s": length, "reason": span.reason}
        )
    return rows


def change(event: ClockEvent) -> dict[str, Any]:
    return {
        "at": event.at,
        "kind": event.kind,
        "by": event.by.username if event.by else None,
        "reason": event.reason,
        "due_before": event.due_before,
        "due_after": event.due_after,
    }


def of_ticket(ticket: Ticket, at: datetime) -> list[Explained]:
    """Every clock of a ticket, this round's running ones first. Two queries."""
    events = ClockEvent.objects.filter(clock__ticket=ticket).select_related("clock", "by").order_by("at", "pk")
    by_clock: dict[int, list[ClockEvent]] = {}
    for event in events:
        by_clock.setdefault(event.clock_id, []).append(event)
    targets = rulebook.Targets()
    found = [explained(rows[0].clock, rows, at, targets) for rows in by_clock.values()]
    return sorted(found, key=order)


def explained(clock: Clock, events: Sequence[ClockEvent], at: datetime, targets: rulebook.Targets) -> Explained:
    upto = min(at, clock.stopped_at) if clock.stopped_at else at
    run = replay_of(going(events), upto, targets, settled_at(clock))
    return Explained(clock, list(events), run, int(run.elapsed.total_seconds()))


def going(events: Sequence[ClockEvent]) -> list[ClockEvent]:
    """Without what ended it; an end after which it went on is a pause, and stays."""
    last = max((place for place, event in enumerate(events) if event.kind == ClockEvent.Kind.RESUME), default=-1)
    return [
        event
        for place, event in enumerate(events)
        if event.kind not in ENDS or (event.kind == ClockEvent.Kind.VOID and place < last)
    ]


def order(row: Explained) -> tuple[Any, ...]:
    clock = row.clock
    live = clock.state in RUNNING or (clock.state == Clock.State.MISSED and clock.stopped_at is None)
    due = clock.due_at.timestamp() if clock.due_at else float("inf")
    return (-clock.round, clock.state == Clock.State.VOID, not live, due, clock.pk)
