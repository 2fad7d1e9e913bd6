"""What time does to tickets: missed limits and the levels they raise. Written for many at once, by the sweep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import transaction

from common.bulk import update_rows
from common.copying import copy_rows, take_keys
from tickets.imported.story import PastTicket, facts
from tickets.models import Ticket, TicketEvent
from tickets.moves import event_row
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


@transaction.atomic
def go_overdue(steps: Sequence[Overdue], *, imported: bool = False) -> list[TicketEvent]:
    """Write breaches and raised levels into the history of locked tickets, and what lists show of their limits.

    Four statements for any number.
    """
    events: list[TicketEvent] = []
    changed: dict[int, Ticket] = {}
    for step in steps:
        ticket = step.ticket
        common: dict[str, Any] = {"metric": step.metric, "round": step.round, "person": step.person}
        if imported:
            common["imported"] = True
        if step.is_breach:
            ticket.version += 1
            events.append(TicketEvent(**event_row(ticket, "breach", by=None, at=step.at, data=common)))
        if step.level is not None and step.level > ticket.level and ticket.is_open:
            data = common | {"reason": "breach", "level": [ticket.level, step.level]}
            ticket.level, ticket.version = step.level, ticket.version + 1
            events.append(TicketEvent(**event_row(ticket, "escalate", by=None, at=step.at, data=data)))
        if events and events[-1].ticket is ticket:
            changed[ticket.pk] = ticket
    if not events:
        return []
    for event, key in zip(events, take_keys(TicketEvent, len(events)), strict=True):
        event.pk = key
    copy_rows(TicketEvent, EVENT, [written(event) for event in events])
    update_rows(changed.values(), CHANGING)
    event_recorded.send(sender=TicketEvent, events=events)
    return events


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
