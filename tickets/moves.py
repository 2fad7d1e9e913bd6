"""What every move has in common: lock the row, check, write one event, tell whoever listens."""

from collections.abc import Iterable
from copy import copy
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from common.inserting import insert
from tickets import workflow
from tickets.models import Ticket, TicketEvent
from tickets.signals import event_recorded
from tickets.workflow import Status

NOT_DEALING = {
    "rate", "remind", "customer_message", "merge", "unmerge", "link", "split", "change_first_contact", "correct_customer",
    "approve", "reject",
}  # fmt: skip


class ActionNotAllowed(Exception):
    """The ticket's state, or its people, forbid the move; the message says why, for the user."""


class StaleTicket(Exception):
    """The caller saw an older version. `newer` holds the events since then (HTTP 409)."""

    def __init__(self, ticket: Ticket, newer: list[TicketEvent]) -> None:
        super().__init__(_("Somebody else changed this ticket in the meantime. Read what is new, then decide again."))
        self.ticket = ticket
        self.newer = newer


AROUND = ("department__head", "owner", "customer", "first_contact")
"""What moves and their listeners read of a ticket, so that none of them asks again."""


def begin(ticket: Ticket, verb: str, *, version: int | None = None, locked: Ticket | None = None) -> Ticket:
    """Lock the ticket and return it fresh, or `locked` when the caller has done so. Inside a transaction; one query.

    Raises StaleTicket when `version` is not the current one, ActionNotAllowed when the state forbids the verb.
    """
    fresh = locked or Ticket.objects.select_for_update(of=("self",)).select_related(*AROUND).get(pk=ticket.pk)
    if version is not None and version != fresh.version:
        newer = fresh.events.filter(version__gt=version).select_related("actor").in_order()
        raise StaleTicket(fresh, list(newer))
    if not workflow.allows(verb, fresh.status):
        raise ActionNotAllowed(
            _("A ticket that is “%(status)s” cannot do “%(verb)s”.")
            % {"status": Status(fresh.status).label, "verb": workflow.MOVES[verb].label}
        )
    return fresh


def finish(
    ticket: Ticket,
    verb: str,
    *,
    by: User | None,
    at: datetime,
    data: dict[str, Any] | None = None,
    fields: tuple[str, ...] = (),
    by_customer: bool = False,
    said: str = "",
    after: TicketEvent | None = None,
    more_follows: bool = False,
) -> TicketEvent:
    """Raise the version and `record` the event; the case is saved with the named fields. Two queries and the receivers'.

    Two moves in one (an answer that resolves) are written and told together: the first says `more_follows`, the second
    names the first as `after`. Until then the first has no key.
    """
    changed = {*fields}
    target = workflow.MOVES[verb].target
    if target is not None and ticket.status != target:
        ticket.status = target
    if target is not None:
        changed.add("status")
    if ticket.first_contact_id is None and deals_with_it(verb, by):
        ticket.first_contact_id = (verb == "assign" and ticket.owner_id) or by.pk  # type: ignore[union-attr]
        changed.add("first_contact")
    event = next_event(ticket, verb, by=by, at=at, data=data, by_customer=by_customer, fields=changed)
    event.said = said
    if more_follows:
        event.then = copy(ticket)
    else:
        record([event] if after is None else [after, event])
    return event


def next_event(
    ticket: Ticket,
    kind: str,
    *,
    by: User | None,
    at: datetime,
    data: dict[str, Any] | None = None,
    by_customer: bool = False,
    fields: Iterable[str] = (),
) -> TicketEvent:
    """The next event of a locked case, for `record`, which also saves the named fields. Raises the version in memory."""
    ticket.version += 1
    ticket.unsaved = {*(ticket.unsaved or ()), "version", *fields}
    return TicketEvent.begun(**event_row(ticket, kind, by=by, at=at, data=data, by_customer=by_customer))


def record(events: list[TicketEvent]) -> None:
    """Store events, tell whoever listens, then save each case once, with what the listeners set on it. A query for the
    events, one a case, and the receivers'."""
    insert(*events)
    event_recorded.send(sender=TicketEvent, events=events)
    for ticket in {event.ticket_id: event.ticket for event in events}.values():
        ticket.save(update_fields=ticket.unsaved)
        ticket.unsaved = None


def event_row(
    ticket: Ticket,
    kind: str,
    *,
    by: User | None,
    at: datetime,
    data: dict[str, Any] | None = None,
    by_customer: bool = False,
) -> dict[str, Any]:
    return {
        "ticket": ticket,
        "at": at,
        "kind": kind,
        "actor": by,
        "by_customer": by_customer,
        "round": ticket.round,
        "version": ticket.version,
        "status": ticket.status,
        "data": data or {},
    }


def deals_with_it(verb: str, by: User | None) -> bool:
    """A4.2: the first person who deals with a ticket is its first contact; machines and reminders are not."""
    return by is not None and not by.is_app and verb not in NOT_DEALING
