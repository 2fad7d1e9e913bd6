"""What other systems are told of tickets, as rows for the outbox of webhooks. Facts and codes; no personal data.

A company's own system hears of every move, and asks the API for more. An app hears of the cases that it handed in,
in the customer's words, with its own reference to find the customer by (C2.2).
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import translation

from common.remembered import remembered
from feedback.case import is_shown, text_of
from notices import services_webhooks as webhooks
from notices.models import Webhook, WebhookDelivery
from tickets.imported.story import BROUGHT_AT
from tickets.models import Ticket, TicketEvent
from tickets.workflow import MOVES

KINDS = (*MOVES, "breach")
BY_TIME = {"breach", "escalate"}
LONGEST_KEPT = 400  # hooks: more than any company has


def of_events(events: Sequence[TicketEvent]) -> None:
    """Rows for each webhook that wants to know. Nothing for imported history, nor for limits that a case had missed
    before it was brought in: a company that moves house would hear thousands of them on one day.

    A ticket gets its number after its first events: they are told by `of_new`.
    """
    events = [event for event in events if event.ticket.number and not event.data.get("imported")]
    tell(events)
    for event in events:
        if event.opened is not None:
            of_new(event.opened)


def of_new(ticket: Ticket) -> None:
    """The first events of a ticket, once it has its number; in the transaction that opened it."""
    if active():
        events = list(ticket.events.select_related("actor").in_order())
        for event in events:
            event.ticket = ticket
        tell(events)


def active() -> list[Webhook]:
    """Shared, so nobody may change them."""
    return remembered("webhooks", (Webhook,), lambda: list(Webhook.objects.active()[:LONGEST_KEPT]))


def tell(events: Sequence[TicketEvent]) -> None:
    hooks = active() if events else []
    if hooks:
        webhooks.add(rows(hooks, news(events)))


def news(events: Sequence[TicketEvent]) -> list[TicketEvent]:
    """Without what time had brought to imported cases before they were here. One query where time has brought something."""
    by_time = {event.ticket_id for event in events if event.kind in BY_TIME}
    if not by_time:
        return list(events)
    brought = TicketEvent.objects.filter(ticket__in=by_time, kind="register", data__has_key=BROUGHT_AT)
    since = {
        ticket: datetime.fromisoformat(at) for ticket, at in brought.values_list("ticket_id", f"data__{BROUGHT_AT}")
    }
    return [event for event in events if event.kind not in BY_TIME or event.at >= since.get(event.ticket_id, event.at)]


def rows(hooks: Sequence[Webhook], events: Sequence[TicketEvent]) -> Iterator[WebhookDelivery]:
    own = [hook for hook in hooks if hook.own_cases]
    handed_in = owners_of(events, own) if own else {}
    for event in events:
        for hook in hooks:
            if hook.events and event.kind not in hook.events:
                continue
            if hook.own_cases and (hook.owner_id not in handed_in.get(event.ticket_id, ()) or not is_shown(event)):
                continue
            told = for_app(event) if hook.own_cases else for_company(event)
            yield WebhookDelivery(
                webhook=hook,
                kind=f"ticket.{event.kind}",
                topic=event.ticket.number or "",
                sequence=event.version,
                body=envelope(f"ticket.{event.kind}", event.at, told),
                created_at=event.at,
                not_before=event.at,
            )


def owners_of(events: Sequence[TicketEvent], hooks: Sequence[Webhook]) -> dict[int, set[int]]:
    """By ticket: whose app handed it in. One query."""
    found: dict[int, set[int]] = {}
    first = TicketEvent.objects.filter(
        ticket__in={event.ticket_id for event in events}, kind="register", actor__in={hook.owner_id for hook in hooks}
    )
    for ticket, owner in first.values_list("ticket_id", "actor_id"):
        found.setdefault(ticket, set()).add(owner)
    return found


def envelope(kind: str, at: Any, data: dict[str, Any]) -> str:
    """The body, as it is signed and sent each time."""
    return json.dumps({"type": kind, "timestamp": at, "data": data}, cls=DjangoJSONEncoder, ensure_ascii=False)


def for_company(event: TicketEvent) -> dict[str, Any]:
    ticket = as_it_was(event)
    return case(event) | {
        "event_id": event.pk,
        "by": event.actor.username if event.actor else None,
        "by_customer": event.by_customer,
        "level": ticket.level,
        "tier": ticket.tier,
        "category": ticket.category.code if ticket.category else None,
        "department": ticket.department.code if ticket.department else None,
        "owner": ticket.owner.username if ticket.owner else None,
        "next_due_at": event.ticket.next_due_at,
        "rating": ticket.rating,
    }


def for_app(event: TicketEvent) -> dict[str, Any]:
    ticket = as_it_was(event)
    with translation.override(ticket.language):
        step = {"kind": event.kind, "at": event.at, "text": text_of(event.kind, event.data)}
    customer = ticket.customer.external_id if ticket.customer else ""
    return case(event) | {"step": step, "customer": customer, "can_rate": ticket.can_rate}


def as_it_was(event: TicketEvent) -> Ticket:
    """The case as this move left it: of a rating that reopens, the first tells the owner who was rated, the second the
    new one. Its limits are those of the whole transaction."""
    return event.then or event.ticket


def case(event: TicketEvent) -> dict[str, Any]:
    """What both hear. `sequence` grows with each move of a ticket."""
    ticket: Ticket = as_it_was(event)
    return {
        "number": ticket.number,
        "sequence": event.version,
        "kind": event.kind,
        "status": event.status,
        "public_status": ticket.public_status,
        "round": event.round,
        "nature": ticket.nature,
        "channel": ticket.channel,
        "received_at": ticket.received_at,
        "expected_by": event.ticket.expected_by,
        "source": {"ref": ticket.external_id, "url": ticket.source_url},
    }
