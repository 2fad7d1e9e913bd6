"""Cases that belong to one common problem (A3.1, C5.2). Each keeps its own answer, limits and rating."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import User
from knowledge.models import Problem
from tickets.models import Ticket, TicketEvent
from tickets.moves import event_row
from tickets.signals import event_recorded
from tickets.workflow import Status


@transaction.atomic
def group(tickets: Iterable[Ticket], *, problem: Problem | None, by: User | None, at: datetime) -> list[Ticket]:
    """Put tickets of any state but void to a problem, or take them out of theirs. Those there already stay as they are.

    One event a ticket, of the kind `group`. Four statements for any number, and the receivers'.
    """
    rows = Ticket.objects.select_for_update(of=("self",)).filter(pk__in=[ticket.pk for ticket in tickets])
    changed, events = [], []
    for ticket in rows.exclude(status=Status.VOID).order_by("pk"):
        if ticket.problem_id == (problem.pk if problem else None):
            continue
        data = {"problem": problem.pk if problem else None, "from": ticket.problem_id, "title": str(problem or "")}
        ticket.problem, ticket.version = problem, ticket.version + 1
        if ticket.status != Status.CLOSED:  # what was decided of an archived case stays as it is (D6)
            ticket.scope = Ticket.Scope.COMMON if problem else Ticket.Scope.INDIVIDUAL
        changed.append(ticket)
        events.append(TicketEvent(**event_row(ticket, "group", by=by, at=at, data=data)))
    if changed:
        Ticket.objects.bulk_update(changed, ["problem", "scope", "version"])
        TicketEvent.objects.bulk_create(events)
        event_recorded.send(sender=TicketEvent, events=events)
    return changed
