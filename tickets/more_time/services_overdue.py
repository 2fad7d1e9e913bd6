"""What time does to tickets: missed limits and the levels they raise. Written for many at once, by the sweep."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import transaction

from common.bulk import update_rows
from common.copying import copy_rows, take_keys
from tickets.imported.story import PastTicket, facts
from tickets.models import Ticket, TicketEvent
from tickets.signals import event_recorded
from tickets.workflow import Status


@dataclass(frozen=True)
class Overdue:
    """A step of a ladder that was reached: the breach itself, or a later one that only raises the level."""

    ticket: Ticket
    at: datetime
    metric: str
    round: int
    is_breach: bool
    level: int | None = None  # raise the ticket's level at least to this
    person: str | None = None  # user name of who was answerable


@dataclass(slots=True)
class TimeEvent:
    """An event that time brought, as listeners read a `TicketEvent`; an instance of the model costs ten times as much."""

    ticket: Ticket
    at: datetime
    kind: str
    data: dict[str, Any]
    ticket_id: int
    round: int
    version: int
    status: str
    id: int = 0
    actor: None = None
    actor_id: None = None
    by_customer: bool = False
    said: str = ""
    then: None = None
    opened: None = None

    @property
    def pk(self) -> int:
        return self.id

    @classmethod
    def of(cls, ticket: Ticket, at: datetime, kind: str, data: dict[str, Any]) -> "TimeEvent":
        """The next event of a ticket, which it raises the version of."""
        ticket.version += 1
        return cls(ticket, at, kind, data, ticket.pk, ticket.round, ticket.version, ticket.status)


@transaction.atomic
def go_overdue(steps: Sequence[Overdue], *, imported: bool = False) -> list[TimeEvent]:
    """Write breaches and raised levels into the history of locked tickets, and what lists show of their limits.

    Four statements for any number.
    """
    events: list[TimeEvent] = []
    changed: dict[int, Ticket] = {}
    facts = facts_of_steps(imported)
    for step in steps:
        ticket = step.ticket
        if step.is_breach:
            events.append(TimeEvent.of(ticket, step.at, "breach", facts(step.metric, step.round, step.person)))
        if step.level is not None and step.level > ticket.level and ticket.is_open:
            data = facts(step.metric, step.round, step.person, ticket.level, step.level)
            ticket.level = step.level
            events.append(TimeEvent.of(ticket, step.at, "escalate", data))
        if events and events[-1].ticket is ticket:
            changed[ticket.pk] = ticket
    if not events:
        return []
    for event, key in zip(events, take_keys(TicketEvent, len(events)), strict=True):
        event.id = key
    copy_rows(TicketEvent, EVENT, [written(event) for event in events])
    update_rows(changed.values(), CHANGING)
    event_recorded.send(sender=TicketEvent, events=events)
    return events


def facts_of_steps(imported: bool) -> Callable[..., dict[str, Any]]:
    """What a step says in the history. The same facts are the same dict, written out once for many events; nobody
    changes it."""

    @cache
    def facts(
        metric: str, round_: int, person: str | None, before: int = 0, after: int | None = None
    ) -> dict[str, Any]:
        data: dict[str, Any] = {"metric": metric, "round": round_, "person": person}
        if imported:
            data["imported"] = True
        return data if after is None else data | {"reason": "breach", "level": [before, after]}

    return facts


EVENT = ["id", "ticket_id", "at", "kind", "round", "version", "status", "data"]
written = attrgetter(*EVENT)
CHANGING = ["level", "version", "next_due_at", "soon_at", "expected_by"]


class PastBreach(NamedTuple):
    """A limit that an imported ticket missed."""

    ticket: PastTicket
    at: datetime
    metric: str
    round: int
    person: str | None


def record_past(breaches: Sequence[PastBreach]) -> None:
    """Write missed limits into imported history, each ticket's in order of rounds. Raises versions in memory only."""
    rows = []
    for ticket, at, metric, round_, person in breaches:
        ticket.version += 1
        status = ticket.status if round_ == ticket.round else Status.RESOLVED
        data = facts(metric=metric, round=round_, person=person)
        rows.append((ticket.pk, at, "breach", round_, ticket.version, status, data))
    copy_rows(TicketEvent, ["ticket_id", "at", "kind", "round", "version", "status", "data"], rows)
