"""Policies applied to open tickets: on request only, with a preview made by the same code and then taken back."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from sla import ladder, rulebook, services_limits
from sla.clockwork import Clockwork
from sla.models import Clock
from sla.services_overdue import Step, reached
from tickets.models import Ticket
from tickets.workflow import UNANSWERED, Status

CHUNK = 1000


@dataclass
class Effect:
    tickets: int = 0
    moved: int = 0
    overdue: int = 0
    begun: int = 0
    ended: int = 0


@transaction.atomic
def apply_to_open(*, at: datetime, by: User | None) -> Effect:
    """Give the running clocks of open tickets the limits that the policies hold now, each with a ClockEvent.

    Time used stays, time left counts anew. A limit that is new for a ticket starts now, one that no policy asks for any
    more ends; what people set (promises, limits of parts) stays. Locks the tickets; about ten statements a thousand.
    """
    effect, policies = Effect(), rulebook.load()
    ids = list(
        Clock.objects.filter(state__in=["running", "paused"], ticket__status__in=UNANSWERED)
        .order_by("ticket_id").values_list("ticket_id", flat=True).distinct()
    )  # fmt: skip
    for index in range(0, len(ids), CHUNK):
        open_ones = Ticket.objects.filter(pk__in=ids[index : index + CHUNK]).order_by("pk")
        work = Clockwork.of(
            open_ones.select_related("category", "customer", "department").select_for_update(of=("self",))
        )
        had = metrics_of(work.tickets.values())
        for ticket in work.tickets.values():
            rules = rulebook.rules_for(ticket, at, policies)
            change = services_limits.give(work, ticket, rules, at, by=by, reason="policy")
            effect.moved += change.moved
            effect.ended += change.ended
            if ticket.status != Status.WAITING:
                known = had[ticket.pk, ticket.round]
                effect.begun += services_limits.begin_missing(work, ticket, rules, at, known=known)
        work.save()
        effect.tickets += len(work.tickets)
        effect.overdue += len(work.missed)
        reached([Step(clock, ladder.DUE, clock.due_at) for clock in work.missed if clock.due_at], at)
    return effect


def metrics_of(tickets: Iterable[Ticket]) -> dict[tuple[int, int], set[str]]:
    """Which limits each round of the tickets has or had; void ones do not count. One query."""
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    rows = Clock.objects.filter(ticket__in=list(tickets)).exclude(state=Clock.State.VOID)
    for ticket, number, metric in rows.values_list("ticket_id", "round", "metric"):
        found[ticket, number].add(metric)
    return found


def preview(change: Callable[[], object], *, at: datetime) -> Effect:
    """What `change` and then applying would do to open tickets. Nothing of it stays."""
    with transaction.atomic():
        change()
        effect = apply_to_open(at=at, by=None)
        transaction.set_rollback(True)
    return effect
