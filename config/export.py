"""Tickets as they leave the house: one plain object each, whole, in the names of `import_tickets`."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Prefetch

from sla.models import Clock
from tickets.models import Assignment, Message, Ticket, TicketEvent

CHUNK = 500


def tickets(start: datetime, end: datetime) -> Iterator[dict[str, Any]]:
    """Those received in [start, end), oldest first. Constant memory: a server-side cursor, five queries a chunk."""
    rows = (
        Ticket.objects.filter(received_at__gte=start, received_at__lt=end)
        .select_related(
            "category", "department", "owner", "first_contact", "customer", "region", "parent", "merged_into"
        )
        .prefetch_related(
            Prefetch("events", TicketEvent.objects.select_related("actor").order_by("version", "pk")),
            Prefetch("messages", Message.objects.select_related("author").prefetch_related("attachments")),
            Prefetch("assignments", Assignment.objects.select_related("department", "owner", "assigned_by")),
            Prefetch("clocks", Clock.objects.select_related("answerable")),
            "attachments",
        )
        .order_by("received_at", "pk")
    )
    with transaction.atomic():  # the cursor lives in it
        for ticket in rows.iterator(chunk_size=CHUNK):
            yield told(ticket)


def told(ticket: Ticket) -> dict[str, Any]:
    """First what `import_tickets` reads, then the rest. Times as ISO 8601, rows by their codes."""
    events = list(ticket.events.all())
    return {
        "external_id": ticket.external_id or ticket.number,
        "channel": ticket.channel,
        "nature": ticket.nature,
        "category": code(ticket.category),
        "region": ticket.region.code if ticket.region else ticket.region_text,
        "department": code(ticket.department),
        "owner": name(ticket.owner),
        "tier": ticket.tier,
        "customer": customer(ticket),
        "subject": ticket.subject,
        "content": ticket.content,
        "received_at": iso(ticket.received_at),
        "first_response_at": iso(ticket.first_response_at),
        "resolved_at": resolutions(events),
        "reopened_at": [iso(event.at) for event in events if event.kind == "reopen"],
        "closed_at": iso(ticket.closed_at),
        "satisfaction": ticket.rating,
        "number": ticket.number,
        "source": ticket.source,
        "source_url": ticket.source_url,
        "status": ticket.status,
        "void_reason": ticket.void_reason,
        "round": ticket.round,
        "level": ticket.level,
        "version": ticket.version,
        "anonymous": ticket.anonymous,
        "bad_review": ticket.is_bad_review,
        "stars": ticket.stars,
        "scope": ticket.scope,
        "place": ticket.place,
        "occurred_at": iso(ticket.occurred_at),
        "remedy_sought": ticket.remedy_sought,
        "language": ticket.language,
        "first_contact": name(ticket.first_contact),
        "claimed_at": iso(ticket.claimed_at),
        "registered_at": iso(ticket.registered_at),
        "expected_by": iso(ticket.expected_by),
        "parent": ticket.parent.number if ticket.parent else None,
        "merged_into": ticket.merged_into.number if ticket.merged_into else None,
        "events": [event_told(event) for event in events],
        "messages": [message_told(message) for message in ticket.messages.all()],
        "assignments": [assignment_told(part) for part in ticket.assignments.all()],
        "clocks": [clock_told(clock) for clock in ticket.clocks.all()],
        "attachments": [
            {"name": file.name, "size": file.size, "media_type": file.media_type, "sha256": file.sha256}
            for file in ticket.attachments.all()
        ],
    }


def resolutions(events: list[TicketEvent]) -> list[str | None]:
    """The last result of each round: a round resolved twice had its first one taken back."""
    return [iso(at) for at in {event.round: event.at for event in events if event.kind == "resolve"}.values()]


def event_told(event: TicketEvent) -> dict[str, Any]:
    return {
        "at": iso(event.at),
        "kind": event.kind,
        "actor": name(event.actor),
        "by_customer": event.by_customer,
        "round": event.round,
        "version": event.version,
        "status": event.status,
        "data": event.data,
    }


def message_told(message: Message) -> dict[str, Any]:
    return {
        "at": iso(message.at),
        "direction": message.direction,
        "author": name(message.author),
        "via": message.via,
        "text": message.text,
        "attachments": [file.sha256 for file in message.attachments.all()],
    }


def assignment_told(part: Assignment) -> dict[str, Any]:
    return {
        "department": code(part.department),
        "role": part.role,
        "round": part.round,
        "owner": name(part.owner),
        "assigned_by": name(part.assigned_by),
        "assigned_at": iso(part.assigned_at),
        "accepted_at": iso(part.accepted_at),
        "ended_at": iso(part.ended_at),
        "end_reason": part.end_reason,
    }


def clock_told(clock: Clock) -> dict[str, Any]:
    return {
        "metric": clock.metric,
        "round": clock.round,
        "state": clock.state,
        "policy": clock.target.get("policy"),
        "amount": clock.target.get("amount"),
        "unit": clock.target.get("unit"),
        "calendar": clock.target.get("calendar"),
        "started_at": iso(clock.started_at),
        "due_at": iso(clock.due_at),
        "stopped_at": iso(clock.stopped_at),
        "breached_at": iso(clock.breached_at),
        "elapsed_s": clock.elapsed_s,
        "answerable": name(clock.answerable),
    }


def customer(ticket: Ticket) -> dict[str, Any] | None:
    person = ticket.customer
    if person is None:
        return None
    return {field: getattr(person, field) for field in ("name", "phone", "email", "external_id", "customer_class")}


def iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def code(row: Any) -> str | None:
    return row.code if row else None


def name(user: Any) -> str | None:
    return user.username if user else None
