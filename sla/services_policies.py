"""Policies applied to open tickets: on request only, with a preview made by the same code and then taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from sla import ladder, rulebook
from sla.clockwork import RUNNING, Clockwork
from sla.models import Clock
from sla.services_overdue import Step, reached
from tickets.models import Ticket
from tickets.workflow import UNANSWERED

CHUNK = 1000


@dataclass
class Effect:
    tickets: int = 0
    moved: int = 0
    overdue: int = 0


@transaction.atomic
def apply_to_open(*, at: datetime, by: User | None) -> Effect:
    """Give the running clocks of open tickets the limits that the policies hold now, each with a ClockEvent.

    Time used stays, time left counts anew. Locks the tickets; about ten statements a thousand tickets.
    """
    effect, policies = Effect(), rulebook.load()
    ids = list(
        Clock.objects.filter(state__in=["running", "paused"], ticket__status__in=UNANSWERED)
        .order_by("ticket_id").values_list("ticket_id", flat=True).distinct()
    )  # fmt: skip
    for index in range(0, len(ids), CHUNK):
        open_ones = Ticket.objects.filter(pk__in=ids[index : index + CHUNK]).order_by("pk")
        work = Clockwork.of(open_ones.select_related("category", "customer").select_for_update(of=("self",)))
        for ticket in work.tickets.values():
            rules = rulebook.rules_for(ticket, at, policies)
            for clock in work.active(ticket):
                before = clock.due_at
                if clock.state in RUNNING and clock.metric in rules:
                    work.retarget(clock, rules[clock.metric], at, by=by, reason="policy")
                effect.moved += clock.due_at != before
        work.save()
        effect.tickets += len(work.tickets)
        effect.overdue += len(work.missed)
        reached([Step(clock, ladder.DUE, clock.due_at) for clock in work.missed if clock.due_at], at)
    return effect


def preview(change: Callable[[], object], *, at: datetime) -> Effect:
    """What `change` and then applying would do to open tickets. Nothing of it stays."""
    with transaction.atomic():
        change()
        effect = apply_to_open(at=at, by=None)
        transaction.set_rollback(True)
    return effect
