"""The clocks of some tickets in memory: started, stopped, paused, retargeted there, written in a few statements.

One `Clockwork` serves one transaction, for one ticket or for thousands (imports); the number of statements is the same.
The tickets are locked by the caller.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from accounts.models import User
from common.bulk import update_rows
from common.prepared import Statement
from sla import clock_rows, ladder, replay, rulebook, worktime
from sla.answerable import Answerable
from sla.calendars import WorkCalendar
from sla.clock_rows import Happening
from sla.models import RIGHTS, Clock, ClockEvent, DueItem, Metric
from tickets.models import Ticket
from tickets.workflow import UNANSWERED

State, Kind = Clock.State, ClockEvent.Kind
RUNNING = {State.RUNNING, State.PAUSED}
SOON = "80%"  # of a limit, from where it counts as due soon


@dataclass
class Clockwork:
    tickets: dict[int, Ticket]
    clocks: dict[int, list[Clock]] = field(default_factory=lambda: defaultdict(list))
    missed: list[Clock] = field(default_factory=list)  # found in this transaction
    targets: rulebook.Targets = field(default_factory=rulebook.Targets)
    people: Answerable = field(default_factory=Answerable)
    _new: list[Clock] = field(default_factory=list)
    # by id() of a clock:
    _changed: dict[int, Clock] = field(default_factory=dict)
    _retargeted: dict[int, Clock] = field(default_factory=dict)
    _silent: dict[int, Clock] = field(default_factory=dict)  # whose waiting due items are void
    _waits: dict[int, tuple[Clock, WorkCalendar, ladder.Shares]] = field(
        default_factory=dict
    )  # to be laid before the sweep
    _events: dict[int, list[Happening]] = field(default_factory=lambda: defaultdict(list))
    _revived: bool = False
    _unmoved: set[int] = field(default_factory=set)  # of which a start is all that is stored
    _stored: dict[int, list[ClockEvent]] | None = None

    @classmethod
    def of(cls, tickets: Iterable[Ticket], *, fresh: bool = False) -> "Clockwork":
        """Load the active clocks of tickets; `fresh` tickets, new or void until now, have none, which saves the query."""
        work = cls({ticket.pk: ticket for ticket in tickets})
        if not fresh:
            targets = SameTarget()
            found = Clock.objects.active().filter(ticket__in=list(work.tickets)).defer("target")
            for clock in found.annotate(spelled=Cast("target", TextField())):
                clock.target = targets[clock.spelled]
                clock.ticket = work.tickets[clock.ticket_id]
                work.clocks[clock.ticket_id].append(clock)
                if clock.due_version == 1:
                    work._unmoved.add(clock.pk)
        return work

    # --- finding ----------------------------------------------------------------------------------
    def active(self, ticket: Ticket, *metrics: str) -> list[Clock]:
        """Running, paused, or missed and unanswered; of some metrics or of all."""
        return [
            clock for clock in self.clocks[ticket.pk] if (not metrics or clock.metric in metrics) and is_active(clock)
        ]

    # --- changing ---------------------------------------------------------------------------------
    def start(self, ticket: Ticket, rule: rulebook.Rule, at: datetime, *, assignment: int | None = None) -> Clock:
        """Begin a limit of the ticket, or of a co-department's part of it."""
        target = rule.target
        due = worktime.due(at, target.amount, target.unit, target.calendar, target.late_receipt_counts_next_day)
        clock = Clock.begun(
            ticket_id=ticket.pk,
            assignment_id=assignment,
            metric=rule.metric,
            round=ticket.round,
            target=rule.snapshot,
            started_at=at,
            due_at=due,
            provisional=worktime.is_provisional(due, target.calendar),
        )
        clock.ticket = ticket
        self._new.append(clock)
        self.clocks[ticket.pk].append(clock)
        self.targets.learn(rule)
        self._event(clock, Kind.START, at, due_after=due, data=rule.begins)
        self._waits[id(clock)] = (clock, target.calendar, ladder.shares_of(at, target))
        return clock

    def stop(self, clock: Clock, at: datetime, *, by: User | None = None) -> None:
        """The step was done. Later than the due time it is missed, whether or not the sweep has noticed."""
        if not is_active(clock):
            return
        if clock.state == State.PAUSED:
            self.resume(clock, at, by=by)
        if clock.state == State.RUNNING and clock.due_at is not None and at > clock.due_at:
            self.miss(clock)
        if clock.state == State.RUNNING:
            clock.state, clock.decided_at = State.MET, at
        clock.stopped_at = at
        self._event(clock, Kind.STOP, at, by=by)
        # done in the moment in which it began, nothing has elapsed
        elapsed = self.replayed(clock, at).elapsed if at > clock.started_at else timedelta()
        clock.elapsed_s = int(elapsed.total_seconds())
        self._silence(clock)

    def miss(self, clock: Clock, reason: str = "") -> None:
        """The limit passed: missed at its due time, whenever that is noticed."""
        assert clock.due_at is not None
        clock.state = State.MISSED
        clock.breached_at = clock.decided_at = clock.soon_at = clock.due_at
        clock.answerable_id = self.people.of(clock)
        self._event(clock, Kind.BREACH, clock.due_at, reason=reason)
        self._changed[id(clock)] = clock
        self.missed.append(clock)

    def pause(self, clock: Clock, at: datetime, *, reason: str, by: User | None = None) -> None:
        """Only a clock that still runs in time can pause; nothing undoes a breach."""
        if clock.state != State.RUNNING or clock.due_at is None:
            return
        if at > clock.due_at:
            self.miss(clock)
            return
        self._event(clock, Kind.PAUSE, at, by=by, reason=reason, due_before=clock.due_at)
        clock.state, clock.due_at, clock.soon_at = State.PAUSED, None, None
        self._moved(clock)

    def resume(self, clock: Clock, at: datetime, *, by: User | None = None, reason: str = "") -> None:
        if clock.state != State.PAUSED:
            return
        event = self._event(clock, Kind.RESUME, at, by=by, reason=reason)
        clock.state = State.RUNNING
        self._move(clock, event, at)

    def retarget(self, clock: Clock, rule: rulebook.Rule, at: datetime, *, by: User | None, reason: str) -> None:
        """A new limit: time used stays, time left counts anew; past the new due time it is missed at once."""
        if clock.state not in RUNNING or same_limit(clock.target, rule.snapshot):
            return
        if clock.state == State.RUNNING and clock.due_at is not None and at > clock.due_at:
            self.miss(clock)
            return
        data = {"target": rule.snapshot}
        event = self._event(clock, Kind.RETARGET, at, by=by, reason=reason, due_before=clock.due_at, data=data)
        clock.target = rule.snapshot
        self._retargeted[id(clock)] = clock
        self.targets.learn(rule)
        if clock.state == State.PAUSED:
            self._moved(clock)
        elif self._move(clock, event, at).breached_at is not None:
            self.miss(clock, reason)

    def extend(self, clock: Clock, due: datetime, at: datetime, *, by: User | None, reason: str) -> None:
        """A new due time for a clock that runs in time. WorktimeError when it is not later than the present one."""
        event = self._event(clock, Kind.EXTEND, at, by=by, reason=reason, due_before=clock.due_at, due_after=due)
        self._move(clock, event, at)

    def recount(self, clock: Clock, at: datetime, *, reason: str) -> bool:
        """The calendar was changed: the due time as it counts now, on record. Whether anything moved."""
        if clock.state != State.RUNNING:
            return False
        if clock.due_at is not None and at > clock.due_at:  # the sweep has not been here yet
            self.miss(clock)
            return False
        now = self.replayed(clock, max(at, clock.started_at))
        provisional = worktime.is_provisional(now.due, now.target.calendar)
        if now.due == clock.due_at and provisional == clock.provisional:
            return False
        data = {"target": clock.target}
        event = self._event(clock, Kind.RETARGET, at, reason=reason, due_before=clock.due_at, data=data)
        if self._move(clock, event, at).breached_at is not None:
            self.miss(clock, reason)
        return True

    def void(self, clock: Clock, at: datetime, *, reason: str, by: User | None = None) -> None:
        """Not needed any more. A missed one stays missed and is only ended."""
        if not is_active(clock):
            return
        if clock.state == State.RUNNING and clock.due_at is not None and at > clock.due_at:
            self.miss(clock)
        if clock.state != State.MISSED:
            clock.state = State.VOID
        clock.stopped_at = at
        self._event(clock, Kind.VOID, at, by=by, reason=reason)
        self._silence(clock)

    def revive(self, clocks: Iterable[Clock], at: datetime, *, reason: str, by: User | None = None) -> None:
        """Void clocks, stored and not loaded yet, go on where they ended: time used stays used, the time since was a pause."""
        found = list(clocks)
        for clock in found:
            self.clocks[clock.ticket_id].append(clock)
        self._stored = None  # to be read with their events
        for clock in found:
            event = self._event(clock, Kind.RESUME, at, by=by, reason=reason)
            clock.state, clock.stopped_at = State.RUNNING, None
            self._move(clock, event, at)
        self._revived |= bool(found)

    # --- replaying --------------------------------------------------------------------------------
    def replayed(self, clock: Clock, at: datetime) -> replay.Replay:
        """The clock at an instant, from its events: those stored, then those of this transaction.

        A stored clock that was never moved needs no query for its events: it has only begun.
        """
        mine = self._events[id(clock)]
        if not clock.pk:
            stored = []
        elif clock.due_version == 1 or clock.pk in self._unmoved:
            begun = {"target": clock.target}
            stored = [ClockEvent(clock=clock, kind=Kind.START, at=clock.started_at, data=begun)]
        else:
            stored = self.stored.get(clock.pk, [])
        return replay_of([*stored, *mine], at, self.targets, clock.breached_at)

    @property
    def stored(self) -> dict[int, list[ClockEvent]]:
        """The events of all loaded clocks. One query, when first asked."""
        if self._stored is None:
            self._stored = defaultdict(list)
            loaded = [clock.pk for found in self.clocks.values() for clock in found if clock.pk]
            for event in ClockEvent.objects.filter(clock__in=loaded).order_by("at", "pk"):
                self._stored[event.clock_id].append(event)
        return self._stored

    # --- writing ----------------------------------------------------------------------------------
    def save(self) -> None:
        """Write everything, and what the tickets show of it. Seven statements at most."""
        self.write()
        update_rows(self.to_show(), SHOWN)

    def write(self) -> None:
        """Write the clocks, their events and their due items; those that end first, for one of a kind runs at a time."""
        waits = [wait for wait in self._waits.values() if is_active(wait[0])]
        steps = [(clock, self._steps(clock, calendar, shares)) for clock, calendar, shares in waits]
        fresh = {id(clock) for clock in self._new}
        stale = [clock.pk for key, clock in self._silent.items() if key not in fresh]
        silenced = DueItem.objects.filter(clock__in=stale, fired_at=None) if stale else None
        changed = [clock for key, clock in self._changed.items() if key not in fresh]
        if self._revived:
            update_rows((clock for clock in changed if clock.state not in RUNNING), CHANGING)
        update_rows(changed, CHANGING, dropping=silenced)
        update_rows((clock for key, clock in self._retargeted.items() if key not in fresh), ["target"])
        events = [event for found in self._events.values() for event in found]
        items = [(clock, name, fire_at, clock.due_version) for clock, found in steps for name, fire_at in found]
        opened = self._being_opened()
        if opened is not None and self._new:
            opened.append(clock_rows.adding_few(self._new, events, items))
        else:
            clock_rows.add(self._new, events, items)

    def to_show(self) -> list[Ticket]:
        """Set what lists show: the next due time, from when it is soon, and what the customer is told.

        Returns the tickets whose row says otherwise, for the caller to write. One that is in a move's hands is written
        by that move.
        """
        changed = [ticket for ticket in self.tickets.values() if self._shown(ticket)]
        for ticket in changed:
            if ticket.unsaved is not None:
                ticket.unsaved.update(SHOWN)
        return [ticket for ticket in changed if ticket.unsaved is None]

    def _shown(self, ticket: Ticket) -> bool:
        before = [getattr(ticket, name) for name in SHOWN]
        first = None
        for clock in self.clocks[ticket.pk]:
            if clock.due_at is None:
                continue
            if is_active(clock) and clock.metric != Metric.CUSTOMER_REPLY and not lapsed(clock):
                first = clock if first is None or clock.due_at < first.due_at else first  # type: ignore[operator]
            if clock.metric == Metric.RESOLUTION and clock.round == ticket.round:
                ticket.expected_by = clock.due_at
        if ticket.status not in UNANSWERED:
            first = None
        ticket.next_due_at = first.due_at if first else None
        ticket.soon_at = (first.soon_at or first.due_at) if first else None
        return before != [getattr(ticket, name) for name in SHOWN]

    # --- inside -----------------------------------------------------------------------------------
    def _being_opened(self) -> list[Statement] | None:
        """What goes to the server along with the one case that is being opened; None when the clocks are needed before it."""
        if len(self.tickets) > 1 or self.missed:
            return None
        (ticket,) = self.tickets.values()
        return ticket.sent_along

    def _event(self, clock: Clock, kind: str, at: datetime, **fields: Any) -> Happening:
        event = Happening(clock, at, kind, **fields)
        self._events[id(clock)].append(event)
        return event

    def _silence(self, clock: Clock) -> None:
        self._changed[id(clock)] = self._silent[id(clock)] = clock

    def _moved(self, clock: Clock) -> None:
        clock.due_version += 1
        self._waits.pop(id(clock), None)
        self._silence(clock)

    def _move(self, clock: Clock, event: Happening, at: datetime) -> replay.Replay:
        """The due time as the events now give it, and a new set of due items."""
        self._moved(clock)
        now = self.replayed(clock, at)
        clock.due_at = event.due_after = now.due
        clock.provisional = worktime.is_provisional(now.due, now.target.calendar)
        self._waits[id(clock)] = (clock, now.target.calendar, now.at_share)
        return now

    def _steps(self, clock: Clock, calendar: WorkCalendar, shares: ladder.Shares) -> list[tuple[str, datetime]]:
        """The steps that the sweep will find; what a clock shows as near is worked out on the way."""
        assert clock.due_at is not None
        steps = ladder.instants(clock.target["ladder"], clock.due_at, calendar, shares)
        if clock.state == State.RUNNING:
            near = dict(steps).get(SOON) or ladder.instant(SOON, clock.due_at, calendar, shares)
            clock.soon_at = near
        return steps


CHANGING = [
    "state",
    "due_at",
    "due_version",
    "stopped_at",
    "breached_at",
    "decided_at",
    "soon_at",
    "elapsed_s",
    "answerable",
    "provisional",
]
SHOWN = ["next_due_at", "soon_at", "expected_by"]


class SameTarget(dict[str, dict[str, Any]]):
    """Thousands of clocks carry one target: it is read once, and they share it. Nobody changes it in place."""

    def __missing__(self, spelled: str) -> dict[str, Any]:
        self[spelled] = json.loads(spelled)
        return self[spelled]


def is_active(clock: Clock) -> bool:
    return clock.state in RUNNING or (clock.state == State.MISSED and clock.stopped_at is None)


def is_late(clock: Clock, at: datetime) -> bool:
    """Missed, whether or not the sweep has noticed."""
    return clock.state == State.MISSED or (clock.due_at is not None and at > clock.due_at)


def lapsed(clock: Clock) -> bool:
    """A right that ended unused: it says nothing of the case any more."""
    return clock.state == State.MISSED and clock.metric in RIGHTS


def same_limit(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Names may have changed; they move nothing."""
    return all(one.get(name) == other.get(name) for name in rulebook.THAT_MATTER)


def settled_at(clock: Clock) -> datetime | None:
    """From when on no change of a calendar touches the clock: missed, answered or void."""
    return clock.breached_at or clock.stopped_at


def replay_of(
    events: Iterable[ClockEvent | Happening], at: datetime, targets: rulebook.Targets, settled: datetime | None = None
) -> replay.Replay:
    """Replay stored events. The clock's own breach rows add nothing that the replay does not find itself.

    What happened before the start (a receipt dated after its registration) counts at the start.
    """
    ordered = sorted(events, key=lambda event: event.kind != Kind.START)
    begun = ordered[0].at
    plain = [
        replay.Event(
            at=max(event.at, begun),
            kind=event.kind,
            reason=event.reason,
            target=targets.of(event.data["target"], settled) if "target" in event.data else None,
            due=event.due_after if event.kind == Kind.EXTEND else None,
        )
        for event in ordered
        if event.kind != Kind.BREACH
    ]
    return replay.replay(plain, max(at, begun))
