"""Clocks of imported history: begun and ended in the past, so by arithmetic alone, and written by COPY.

Gives the rows that the slow way (`Clockwork`) gives for the same events: `tests/sla/test_imported_history.py` compares
them. What makes it short: imported cases never wait, so nothing pauses, moves or is replayed; only the steps from
receipt have clocks; a round is resolved before the next begins; nobody is told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, cast

from accounts.models import User
from common.copying import copy_rows, take_keys
from sla import ladder, rulebook, worktime
from sla.answerable import Answerable
from sla.calendars import MICRO, micros
from sla.clockwork import SOON
from sla.models import Accountability, Clock, ClockEvent, DueItem, Metric
from tickets import services as tickets
from tickets.imported.story import PastEvent, PastTicket
from tickets.models import Ticket
from tickets.workflow import UNANSWERED

State, Kind = Clock.State, ClockEvent.Kind
STARTED = (Metric.FIRST_RESPONSE, Metric.PLAN, Metric.PROGRESS_UPDATE, Metric.RESOLUTION)
ANSWERED_BY_REPLY = {Metric.FIRST_RESPONSE, Metric.PROGRESS_UPDATE}


def follow(events: Iterable[PastEvent]) -> None:
    """Write the clocks of new tickets from their whole history, each ticket's in order of time. About ten queries."""
    work = Past()
    for event in events:
        if event.kind == "register":
            work.start(event, event.ticket.received_at)
        elif event.kind == "reopen":
            work.start(event, event.at)
        elif event.kind == "reply":
            work.stop(event, ANSWERED_BY_REPLY)
        elif event.kind == "resolve":
            work.stop(event, STARTED)
    work.save()


class Laid(NamedTuple):
    """A limit on the time line."""

    limit: worktime.Limit  # in microseconds
    due_at: datetime
    provisional: bool


@dataclass(slots=True)
class PastClock:
    ticket: PastTicket
    rule: rulebook.Rule
    round: int
    started: int
    laid: Laid
    started_at: datetime
    due_at: datetime
    pk: int = 0
    state: str = State.RUNNING
    soon_at: datetime | None = None
    stopped_at: datetime | None = None
    stopped_by: int | None = None
    breached_at: datetime | None = None
    decided_at: datetime | None = None
    elapsed_s: int | None = None
    answerable_id: int | None = None
    assignment_id: None = None  # parts of co-departments are not imported

    @property
    def metric(self) -> str:
        return self.rule.metric

    @property
    def row(self) -> tuple[Any, ...]:
        return (
            self.pk, self.ticket.pk, self.metric, self.round, self.rule.snapshot, self.started_at, self.due_at,
            self.soon_at, self.state, self.stopped_at, self.breached_at, self.decided_at, self.elapsed_s,
            self.answerable_id, self.laid.provisional,
        )  # fmt: skip

    def stop(self, at: datetime, instant: int, by: int | None, people: Answerable) -> None:
        self.stopped_at, self.stopped_by = at, by
        if at > self.due_at:
            self.state = State.MISSED
            self.breached_at = self.decided_at = self.soon_at = self.due_at
            self.answerable_id = people.of(self)
        else:
            self.state, self.decided_at = State.MET, at
        self.elapsed_s = elapsed(self, max(instant, self.started)) // MICRO


CLOCK = [
    "id", "ticket_id", "metric", "round", "target", "started_at", "due_at", "soon_at", "state", "stopped_at",
    "breached_at", "decided_at", "elapsed_s", "answerable_id", "provisional",
]  # fmt: skip


def elapsed(clock: PastClock, stopped: int) -> int:
    """Counted time of a clock that never paused, as its replay gives it: rest days it was moved past do not count."""
    limit = clock.laid.limit
    begin = max(clock.started, limit.count_from)
    if limit.working:
        return clock.rule.target.calendar.between(begin, stopped) if stopped > begin else 0
    moved = max(min(stopped, limit.due) - max(clock.started, limit.counted_until), 0)
    return max(stopped - begin, 0) - moved


@dataclass
class Past:
    clocks: list[PastClock] = field(default_factory=list)
    running: dict[int, list[PastClock]] = field(default_factory=dict)  # by ticket
    rules: "Rules" = field(default_factory=lambda: Rules())
    people: Answerable = field(default_factory=Answerable)
    days: dict[tuple[int, int], Laid] = field(default_factory=dict)

    def start(self, event: PastEvent, at: datetime) -> None:
        ticket, begun, instant = event.ticket, [], micros(at)
        rules = self.rules.of(ticket, event.at)
        for metric in STARTED:
            rule = rules.get(metric)
            if rule is not None:
                laid = self.lay(rule, instant)
                begun.append(PastClock(ticket, rule, event.round, instant, laid, at, laid.due_at))
                if metric == Metric.RESOLUTION:
                    ticket.expected_by = laid.due_at
        self.running[ticket.pk] = begun
        self.clocks += begun

    def stop(self, event: PastEvent, metrics: Iterable[str]) -> None:
        running = self.running[event.ticket_id]
        stopped = [clock for clock in running if clock.metric in metrics]
        if stopped:
            instant = micros(event.at)
            for clock in stopped:
                clock.stop(event.at, instant, event.actor_id, self.people)
            self.running[event.ticket_id] = [clock for clock in running if clock.stopped_at is None]

    def lay(self, rule: rulebook.Rule, instant: int) -> Laid:
        """Limits in days end alike for all that begin on one day: worked out once."""
        target = rule.target
        if target.unit not in ("wd", "d") or target.late_receipt_counts_next_day:
            return laid_at(rule, instant)
        key = (id(rule), target.calendar.day_of(instant))
        if key not in self.days:
            self.days[key] = laid_at(rule, instant)
        return self.days[key]

    def save(self) -> None:
        for clock, pk in zip(self.clocks, take_keys(Clock, len(self.clocks)), strict=True):
            clock.pk = pk
        items = [item for found in self.running.values() for clock in found for item in items_of(clock)]
        for found in self.running.values():
            show(found)
        copy_rows(Clock, CLOCK, [clock.row for clock in self.clocks])
        events = [row for clock in self.clocks for row in events_of(clock)]
        copy_rows(ClockEvent, ["clock_id", "at", "kind", "by_id", "due_after", "data"], events)
        copy_rows(DueItem, ["clock_id", "threshold", "fire_at", "due_version"], items)
        record([clock for clock in self.clocks if clock.breached_at], self.people)


def laid_at(rule: rulebook.Rule, instant: int) -> Laid:
    target = rule.target
    late, calendar = target.late_receipt_counts_next_day, target.calendar
    limit = worktime.measure_limit(instant, target.amount, target.unit, calendar, late)
    due = calendar.local(limit.due)
    return Laid(limit, due, worktime.is_provisional(due, calendar))


NOTHING: dict[str, Any] = {}


def events_of(clock: PastClock) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [(clock.pk, clock.started_at, Kind.START, None, clock.due_at, clock.rule.begins)]
    if clock.breached_at:
        rows.append((clock.pk, clock.due_at, Kind.BREACH, None, None, NOTHING))
    if clock.stopped_at:
        rows.append((clock.pk, clock.stopped_at, Kind.STOP, clock.stopped_by, None, NOTHING))
    return rows


def items_of(clock: PastClock) -> list[tuple[Any, ...]]:
    """The steps that the sweep will find for a clock that still runs; sets from when it is near."""
    target = clock.rule.target
    args = (clock.due_at, target.calendar, ladder.shares_of(clock.started_at, target))
    steps = ladder.instants(clock.rule.snapshot["ladder"], *args)
    clock.soon_at = dict(steps).get(SOON) or ladder.instant(SOON, *args)
    return [(clock.pk, name, fire_at, 1) for name, fire_at in steps]


def show(running: Sequence[PastClock]) -> None:
    """What lists show of a ticket: its earliest due time, and from when that is near."""
    if running and running[0].ticket.status in UNANSWERED:
        first = min(running, key=lambda clock: clock.due_at)
        ticket = first.ticket
        ticket.next_due_at, ticket.soon_at = first.due_at, first.soon_at or first.due_at


def record(missed: Sequence[PastClock], people: Answerable) -> None:
    """Missed limits in the tickets' history, and the accountability that their ladders ask for."""
    keys = {clock.answerable_id for clock in missed}
    names = dict(User.objects.filter(pk__in=keys).values_list("pk", "username")) if missed else {}
    tickets.record_past(
        [
            tickets.PastBreach(
                clock.ticket, clock.due_at, clock.metric, clock.round, names.get(clock.answerable_id or 0)
            )
            for clock in missed
        ]
    )
    columns = ["ticket_id", "clock_id", "person_id", "department_id", "ground", "opened_at"]
    rows = [
        (clock.ticket.pk, clock.pk, clock.answerable_id, people.department_of(clock), clock.metric, clock.due_at)
        for clock in missed
        if ladder.step_of(clock.rule.snapshot["ladder"], ladder.DUE).get("account")
    ]
    copy_rows(Accountability, columns, rows)


class Rules:
    """The rules of a ticket, looked up once for all tickets that are alike in what policies ask. Three queries."""

    def __init__(self) -> None:
        self.policies = rulebook.load()
        self.asked = sorted({name for policy in self.policies for name in policy.match})
        self.dated = [policy for policy in self.policies if policy.active_from or policy.active_to]
        self.known: dict[tuple[Any, ...], dict[str, rulebook.Rule]] = {}

    def of(self, ticket: PastTicket, at: datetime) -> dict[str, rulebook.Rule]:
        alike = cast(Ticket, ticket)
        key = (
            *[rulebook.held_by(alike, name) for name in self.asked],
            *[rulebook.in_force(policy, at) for policy in self.dated],
        )
        if key not in self.known:
            self.known[key] = rulebook.rules_for(alike, at, self.policies)
        return self.known[key]
