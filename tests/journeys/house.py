"""What the five journeys share: a company set up as a new one is, and readings of what a case left behind."""

from datetime import datetime
from typing import Any

import pytest

from feedback import defaults as feedback_defaults
from notices.models import Notice
from sla import services_setup
from sla.models import Clock
from tests.make import moment
from tickets import defaults as ticket_defaults
from tickets import wording
from tickets.forms import Offer
from tickets.models import Ticket, TicketEvent


@pytest.fixture
def house(customer_service, after_sales, logistics, office, lin, chen, gao, han, zhou, tang, xu):
    ticket_defaults.create_defaults()
    feedback_defaults.create_defaults(at=on("11-23", "08:00"))
    services_setup.create_defaults()


def on(day: str, time: str) -> datetime:
    """A moment of the week from Monday 2026-11-23 on: `on("11-24", "09:30")`."""
    return moment(f"2026-{day} {time}")


def steps(ticket: Ticket) -> list[tuple[str, str]]:
    """What happened, in order, and who did it; the customer is 王, the system 系统."""
    events = TicketEvent.objects.filter(ticket=ticket).select_related("actor").in_order()
    return [
        (event.kind, event.actor.username if event.actor else "王" if event.by_customer else "系统") for event in events
    ]


def clocks(ticket: Ticket, round_: int = 1) -> dict[str, str]:
    """The last state of every limit of a round."""
    rows = Clock.objects.filter(ticket=ticket, round=round_).order_by("pk")
    return dict(rows.values_list("metric", "state"))


def mails(ticket: Ticket) -> list[str]:
    """What the customer was sent, in order."""
    rows = Notice.objects.filter(topic=ticket.number, user=None).order_by("created_at", "pk")
    return list(rows.values_list("kind", flat=True))


def told(ticket: Ticket, person: Any) -> list[str]:
    rows = Notice.objects.filter(topic=ticket.number, user=person, channel="in_app").order_by("created_at", "pk")
    return [row.context.get("what") or row.kind for row in rows]


def story(ticket: Ticket) -> list[str]:
    """The timeline as colleagues read it."""
    names = Offer().names()
    return [wording.sentence(event, names) for event in ticket.events.select_related("actor").in_order()]
