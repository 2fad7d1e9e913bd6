"""What a weekly meeting talks about, found in the data (C3.4): the backlog by age, hard cases, difficulties that were
reported upward (B3.3), missed limits, what is due."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from sla.models import RIGHTS, Clock
from supervision.models import Action, Finding
from tickets.models import Ticket, TicketEvent
from tickets.workflow import Level

AGES = ((1, "1"), (3, "3"), (7, "7"), (15, "15"), (30, "30"), (None, "more"))
"""Days since receipt: up to 1, 3, 7, 15, 30, and more."""
MOST = 30


def gather(day: date, at: datetime, since: datetime) -> dict[str, Any]:
    """Plain values: numbers and ids. `since` is the meeting before. Eight queries."""
    waiting = Ticket.objects.open().order_by("received_at", "pk")
    received = list(waiting.values_list("received_at", flat=True))
    hard = Q(round__gt=1) | Q(level__gte=Level.OFFICE) | Q(tier="L1")
    missed = Clock.objects.filter(breached_at__gte=since, breached_at__lt=at).exclude(metric__in=RIGHTS)
    raised = TicketEvent.objects.filter(kind="escalate", at__gte=since, at__lt=at).exclude(actor=None).in_order()
    missed = missed.order_by("breached_at", "pk")
    return {
        "at": at.isoformat(),
        "since": since.isoformat(),
        "open": len(received),
        "ages": by_age(received, at),
        "oldest": list(waiting.values_list("pk", flat=True)[:MOST]),
        "hard": list(waiting.filter(hard).values_list("pk", flat=True)[:MOST]),
        "difficulties": [list(row) for row in raised.values_list("ticket", "pk")[:MOST]],
        "missed_total": missed.count(),
        "missed": [list(row) for row in missed.values_list("ticket", "metric")[:MOST]],
        "actions": list(Action.objects.open().filter(due_on__lte=day + timedelta(days=7)).values_list("pk", flat=True)),
        "findings": list(Finding.objects.open().order_by("due_at").values_list("pk", flat=True)[:MOST]),
    }


def by_age(received: list[datetime], at: datetime) -> list[list[Any]]:
    """How many are up to so many days old; each is counted once."""
    counts = {code: 0 for _days, code in AGES}
    for moment in received:
        days = (at - moment).total_seconds() / 86400
        counts[next(code for most, code in AGES if most is None or days <= most)] += 1
    return [[code, counts[code]] for _days, code in AGES]
