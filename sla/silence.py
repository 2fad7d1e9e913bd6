"""How long we have been waiting for a customer who says nothing: a wait stops the limits once, however often one asks."""

from datetime import datetime

from sla import worktime
from sla.rulebook import Rule
from tickets.channels import Channel
from tickets.models import TicketEvent

ASKED = "request_information"
TALKED = {Channel.PHONE, Channel.COUNTER}
"""What is told there was a talk: the customer was heard too."""


def asked_before(event: TicketEvent) -> datetime | None:
    """When the first of the questions was asked that the customer has not answered in this round, before this one. One query."""
    earlier = TicketEvent.objects.filter(ticket=event.ticket_id, round=event.round, version__lt=event.version)
    said = earlier.filter(kind__in=[ASKED, "customer_message", "reply", "promise", "agree"]).order_by("-version", "-pk")
    first = None
    for kind, at, data in said.values_list("kind", "at", "data"):
        if kind == ASKED:
            first = at
        elif is_heard(kind, data):
            break
    return first


def is_heard(kind: str, data: dict[str, object]) -> bool:
    """Whether the customer said something then."""
    if kind == "customer_message":
        return not data.get("machine")
    return kind == "agree" or data.get("via") in TALKED


def is_over(rule: Rule, asked: datetime, at: datetime) -> bool:
    """Whether a wait that began with a question has ended."""
    target = rule.target
    ends = worktime.due(asked, target.amount, target.unit, target.calendar, target.late_receipt_counts_next_day)
    return ends <= at
