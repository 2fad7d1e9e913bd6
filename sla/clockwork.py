"""The clocks of some tickets in memory: started, stopped, paused, retargeted there, written in a few statements.

One `Clockwork` serves one transaction, for one ticket or for thousands (imports); the number of statements is the same.
The tickets are locked by the caller.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import User
from sla import ladder, replay, rulebook, worktime
from sla.models import Clock, ClockEvent, DueItem, Metric
from tickets.models import Ticket
from tickets.workflow import UNANSWERED

State, Kind = Clock.State, ClockEvent.Kind
RUNNING = {State.RUNNING, State.PAUSED}
SOON = 80  # per cent of a limit, from where it counts as due soon


@dataclass
class Clockwork:
    tickets: dict[int, Ticket]
    clocks: dict[int, list[Clock]] = field(default_factory=lambda: defaultdict(list))
    missed: list[Clock] = field(default_factory=list)  # found in this transaction
    _new: list[Clock] = field(default_factory=list)
    _changed: dict[int, Clock] = field(default_factory=dict)
    _events: list[ClockEvent] = field(default_factory=list)
    _items: list[DueItem] = field(default_factory=list)
    _silent: list[Clock] = field(default_factory=list)  # whose waiting due items are void
    _soon: dict[int, datetime] = field(default_factory=dict)  # by id() of a clock
    _calendars: dict[str, Any] | None = None

    @classmethod
    def of(cls, tickets: Iterable[Ticket], *, fresh: bool = False) -> "Clockwork":
        """Load the active clocks of tickets; `fresh` tickets have none yet, which saves the query."""
        work = cls({ticket.pk: ticket for ticket in tickets})
        if not fresh:
            for clock in Clock.objects.active().filter(ticket__in=list(work.tickets)):
                clock.ticket = work.tickets[clock.ticket_id]
                work.clocks[clock.ticket_id].append(clock)
        return work

    # --- finding ----------------------------------------------------------------------------------
    def active(self, ticket: Ticket, *metrics: str) -> list[Clock]:
        """Running, paused, or missed and unanswered; of some metrics or of all."""
        return [
            clock for clock in self.clocks[ticket.pk] if (not metrics or clock.metric in metrics) and is_active(clock)
        ]

    # --- changing ---------------------------------------------------------------------------------
    def start(self, ticket: Ticket, rule: rulebook.Rule, at: datetime, *, waits: bool = True) -> Clock:
        """Start a clock. `waits=False` for history: nothing will have to be swept."""
        target = rule.target
        due = worktime.due(at, target.amount, target.unit, target.calendar, target.late_receipt_counts_next_day)
        clock = Clock(
            ticket=ticket,
            metric=rule.metric,
            round=ticket.round,
            target=rule.snapshot,
            started_at=at,
            due_at=due,
            provisional=worktime.is_provisional(due, target.calendar),
        )
        self._new.append(clock)
        self.clocks[ticket.pk].append(clock)
        self._event(clock, Kind.START, at, due_after=due, data={"target": rule.snapshot})
        self._soon[id(clock)] = worktime.at_share(at, SOON, target.amount, target.unit, target.calendar)
        if waits:
            self._schedule(clock, target)
        return clock

    def stop(self, clock: Clock, at: datetime, *, by: User | None = None) -> None:
        """The step was done. Later than the due time it is missed, whether or not the sweep has noticed."""
        if not is_active(clock):
            return
        if clock.state == State.PAUSED:
            self.resume(clock, at, by=by, schedule=False)
        if clock.state == State.RUNNING and clock.due_at is not None and at > clock.due_at:
            self.miss(clock)
        if clock.state == State.RUNNING:
            clock.state, clock.decided_at = State.MET, at
        clock.stopped_at = at
        self._event(clock, Kind.STOP, at, by=by)
        self._silence(clock)

    def miss(self, clock: Clock) -> None:
        """The limit passed: missed at its due time, whenever that is noticed."""
        ticket = clock.ticket
        assert clock.due_at is not None
        clock.state = State.MISSED
        clock.breached_at = clock.decided_at = clock.due_at
        clock.answerable_id = answerable(ticket)
        self._event(clock, Kind.BREACH, clock.due_at)
        self._touch(clock)
        self.missed.append(clock)

    def pause(self, clock: Clock, at: datetime, *, reason: str, by: User | None = None) -> None:
        """Only a clock that still runs in time can pause; nothing undoes a breach."""
        if clock.state != State.RUNNING or clock.due_at is None:
            return
        if at > clock.due_at:
            self.miss(clock)
            return
        self._event(clock, Kind.PAUSE, at, by=by, reason=reason, due_before=clock.due_at)
        clock.state, clock.due_at = State.PAUSED, None
        self._moved(clock)

    def resume(self, clock: Clock, at: datetime, *, by: User | None = None, schedule: bool = True) -> None:
        if clock.state != State.PAUSED:
            return
        event = self._event(clock, Kind.RESUME, at, by=by)
        now = self.replayed(clock, at)
        clock.state, clock.due_at, event.due_after = State.RUNNING, now.due, now.due
        self._moved(clock)
        self._soon[id(clock)] = now.at_share(SOON)
        if schedule:
            self._schedule(clock, now.target, shares=now.at_share)

    def retarget(self, clock: Clock, rule: rulebook.Rule, at: datetime, *, by: User | None, reason: str) -> None:
        """A new limit: time used stays, time left counts anew; past the new due time it is missed at once."""
        if clock.state not in RUNNING or clock.target == rule.snapshot:
            return
        data = {"target": rule.snapshot}
        event = self._event(clock, Kind.RETARGET, at, by=by, reason=reason, due_before=clock.due_at, data=data)
        clock.target = rule.snapshot
        now = self.replayed(clock, at)
        if clock.state == State.PAUSED:
            self._moved(clock)
            return
        clock.due_at = event.due_after = now.due
        clock.provisional = worktime.is_provisional(now.due, now.target.calendar)
        self._moved(clock)
        self._soon[id(clock)] = now.at_share(SOON)
        self._schedule(clock, now.target, shares=now.at_share)

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

    # --- replaying --------------------------------------------------------------------------------
    def replayed(self, clock: Clock, at: datetime) -> replay.Replay:
        """The clock at an instant, from its events: those stored, then those of this transaction."""
        stored = list(clock.events.all()) if clock.pk else []
        return replay_of([*stored, *(event for event in self._events if event.clock is clock)], at, self.calendars)

    @property
    def calendars(self) -> dict[str, Any]:
        if self._calendars is None:
            self._calendars = rulebook.calendar_rows()
        return self._calendars

    # --- writing ----------------------------------------------------------------------------------
    def save(self) -> None:
        """Write everything, and what the tickets show of it. Six statements at most."""
        Clock.objects.bulk_create(self._new, batch_size=2000)
        fresh = {id(clock) for clock in self._new}
        changed = [clock for key, clock in self._changed.items() if key not in fresh]
        if changed:
            Clock.objects.bulk_update(changed, CHANGING, batch_size=500)
        ClockEvent.objects.bulk_create(self._events, batch_size=4000)
        stale = [clock.pk for clock in self._silent if clock.pk and id(clock) not in fresh]
        if stale:
            unfired = DueItem.objects.filter(clock__in=stale, fired_at=None)
            unfired.exclude(pk__in=[item.pk for item in self._items if item.pk]).delete()
        live = [item for item in self._items if item.due_version == item.clock.due_version and is_active(item.clock)]
        DueItem.objects.bulk_create(live, batch_size=4000, ignore_conflicts=True)
        self.show()

    def show(self) -> None:
        """Keep what lists show: the next due time, from when it is soon, and what the customer is told."""
        shown = [ticket for ticket in self.tickets.values() if self._shown(ticket)]
        moved = [ticket for ticket in shown if not ticket._state.adding]  # imported ones are stored with it afterwards
        if len(moved) == 1:
            (ticket,) = moved
            Ticket.objects.filter(pk=ticket.pk).update(**{name: getattr(ticket, name) for name in SHOWN})
        elif moved:
            Ticket.objects.bulk_update(moved, SHOWN, batch_size=500)

    def _shown(self, ticket: Ticket) -> bool:
        before = [getattr(ticket, name) for name in SHOWN]
        dated = [clock for clock in self.active(ticket) if clock.due_at is not None]
        first = min(dated, key=lambda clock: clock.due_at) if dated else None  # type: ignore[arg-type,return-value]
        if ticket.status not in UNANSWERED:
            first = None
        ticket.next_due_at = first.due_at if first else None
        ticket.soon_at = self.soon(first) if first else None
        for clock in self.clocks[ticket.pk]:
            if clock.metric == Metric.RESOLUTION and clock.round == ticket.round and clock.due_at is not None:
                ticket.expected_by = clock.due_at
        return before != [getattr(ticket, name) for name in SHOWN]

    def soon(self, clock: Clock) -> datetime | None:
        """When the clock's due time counts as near; past for a missed one."""
        if id(clock) in self._soon:
            return self._soon[id(clock)]
        if clock.state == State.MISSED:
            return clock.due_at
        return self.replayed(clock, clock.started_at).at_share(SOON)

    # --- inside -----------------------------------------------------------------------------------
    def _event(self, clock: Clock, kind: str, at: datetime, **fields: Any) -> ClockEvent:
        event = ClockEvent(clock=clock, kind=kind, at=at, **fields)
        self._events.append(event)
        return event

    def _touch(self, clock: Clock) -> None:
        self._changed[id(clock)] = clock

    def _silence(self, clock: Clock) -> None:
        self._touch(clock)
        self._silent.append(clock)

    def _moved(self, clock: Clock) -> None:
        clock.due_version += 1
        self._silence(clock)

    def _schedule(self, clock: Clock, target: replay.Target, shares: Any = None) -> None:
        assert clock.due_at is not None
        steps = ladder.instants(clock.target["ladder"], clock.started_at, clock.due_at, target, shares)
        self._items += [
            DueItem(clock=clock, threshold=name, fire_at=fire_at, due_version=clock.due_version)
            for name, fire_at in steps
        ]


CHANGING = [
    "state",
    "due_at",
    "due_version",
    "stopped_at",
    "breached_at",
    "decided_at",
    "answerable",
    "target",
    "provisional",
]
SHOWN = ["next_due_at", "soon_at", "expected_by"]


def is_active(clock: Clock) -> bool:
    return clock.state in RUNNING or (clock.state == State.MISSED and clock.stopped_at is None)


def answerable(ticket: Ticket) -> int | None:
    """A4.2 D7: the owner, else the first contact, else the head of the department."""
    if ticket.owner_id or ticket.first_contact_id:
        return ticket.owner_id or ticket.first_contact_id
    return ticket.department.head_id if ticket.department else None


def replay_of(events: Iterable[ClockEvent], at: datetime, calendars: dict[str, Any]) -> replay.Replay:
    """Replay stored events. The clock's own breach rows add nothing that the replay does not find itself."""
    plain = [
        replay.Event(
            at=event.at,
            kind=event.kind,
            reason=event.reason,
            target=rulebook.target_of(event.data["target"], calendars) if "target" in event.data else None,
            due=event.due_after if event.kind == Kind.EXTEND else None,
        )
        for event in events
        if event.kind != Kind.BREACH
    ]
    return replay.replay(plain, at)
