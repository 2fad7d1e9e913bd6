"""What stands beside the form while somebody talks: who calls, what is known of them, what to ask (A4.2 A5.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from accounts.models import User
from common.phones import phone_number
from common.text import digits
from common.wording import in_english
from feedback.hotline.models import Call, Script
from feedback.hotline.script_defaults import SCRIPTS
from tickets.models import Customer, Ticket
from tickets.workflow import Nature

SHORTEST = 7  # digits, from which on a number is looked up: nobody leafs through the customers
POPS_FOR = timedelta(minutes=3)
MOST = 8
ASKED = (Nature.COMPLAINT, Nature.SUGGESTION, Nature.INQUIRY)


@dataclass(frozen=True)
class Caller:
    """Who has a number. `tickets` are those that the reader may see, `heard` the calls whose recording they may hear."""

    number: str
    customers: list[Customer]
    tickets: list[Ticket]
    calls: list[Call]
    heard: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """The one name that is known with the number; "" where there are none or several."""
        names = {row.name for row in self.customers if row.name}
        return names.pop() if len(names) == 1 else ""

    @property
    def open(self) -> list[Ticket]:
        return [ticket for ticket in self.tickets if ticket.is_open]


def caller(typed: str, *, user: User) -> Caller | None:
    """None while the number is too short to be one. Four queries, on indexes."""
    if len(digits(typed)) < SHORTEST:
        return None
    try:
        number = phone_number(typed)
    except ValueError:
        return None
    customers = list(Customer.objects.filter(phone=number).order_by("-pk")[:MOST])
    tickets = Ticket.objects.visible_to(user).filter(customer__phone=number).for_list()
    calls = list(Call.objects.filter(number=number).select_related("agent")[:MOST])
    cases = Ticket.objects.visible_to(user).filter(pk__in=[row.ticket_id for row in calls if row.ticket_id])
    seen = set(cases.values_list("pk", flat=True)) if any(row.recording_url for row in calls) else set()
    heard = frozenset(row.pk for row in calls if row.ticket_id in seen or row.agent_id == user.pk)
    return Caller(number, customers, list(tickets.order_by("-received_at", "-pk")[:MOST]), calls, heard)


def ringing_for(user: User, *, at: datetime, but: Sequence[int] = ()) -> list[Call]:
    """Calls that ring at the user's extension, or at nobody's in particular, `but` those put away. One query."""
    return list(
        Call.objects.filter(Q(agent=user) | Q(agent=None), state=Call.State.RINGING, rang_at__gt=at - POPS_FOR)
        .filter(direction=Call.Direction.IN)
        .exclude(pk__in=but)
        .order_by("rang_at", "pk")[:5]
    )


def to_return() -> list[Call]:
    """Missed calls that nobody has returned yet, the oldest first."""
    return list(Call.objects.filter(state=Call.State.MISSED, called_back_at=None).order_by("rang_at", "pk")[:50])


def names_of(calls: list[Call]) -> dict[str, str]:
    """The latest name that was left with each number."""
    numbers = {call.number for call in calls if call.number}
    rows = Customer.objects.filter(phone__in=numbers).exclude(name="").order_by("pk").values_list("phone", "name")
    return dict(rows) if numbers else {}


def scripts() -> list[dict[str, Any]]:
    """One for each nature, in the reader's language; the product's own where the office has written none."""
    english = in_english()
    written = {
        row.nature: (row.text_en or row.text) if english else (row.text or row.text_en) for row in Script.objects.all()
    }
    return [
        {"nature": nature.value, "label": nature.label, "text": written.get(nature.value) or str(SCRIPTS[nature])}
        for nature in ASKED
    ]
