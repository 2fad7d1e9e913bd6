"""One text to many customers (C5.2): a problem is answered once, and every linked case gets the text as a draft.

Never a merge and never sent by itself: who handles a case confirms its draft, changed or not, and the customer gets an
own answer and an own rating.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import User
from knowledge.models import Problem
from notices import services as notices
from notices.models import Notice
from tickets.answers.services import reply, resolve
from tickets.models import Draft, Ticket
from tickets.moves import ActionNotAllowed
from tickets.querysets import TicketQuerySet
from tickets.workflow import UNANSWERED

MOST = 2000
"""Cases that one answer is laid before; a problem with more is answered again for the rest."""


def answerable(problem: Problem) -> TicketQuerySet:
    """The linked cases whose customers wait for an answer."""
    rows: TicketQuerySet = Ticket.objects.filter(problem=problem, status__in=UNANSWERED, merged_into=None)
    return rows.order_by("received_at", "pk")


@transaction.atomic
def answer_problem(problem: Problem, *, text: str, by: User, at: datetime) -> list[Draft]:
    """Lay the text before whoever handles each open case of the problem, of those that `by` sees: a head answers for the own
    departments. A draft that still waits gets the new text.

    About five statements for any number of cases. Raises ActionNotAllowed when no case waits.
    """
    cases = list(answerable(problem).visible_to(by).select_related("owner", "department__head")[:MOST])
    if not cases:
        raise ActionNotAllowed(_("No open case belongs to this problem."))
    waiting = Draft.State.WAITING
    Draft.objects.filter(problem=problem, ticket__in=cases, state=waiting).update(text=text, made_by=by, made_at=at)
    known = set(Draft.objects.filter(problem=problem, ticket__in=cases, state=waiting).values_list("ticket", flat=True))
    Draft.objects.bulk_create(
        Draft(ticket=ticket, problem=problem, text=text, made_by=by, made_at=at)
        for ticket in cases
        if ticket.pk not in known
    )
    notices.add(row for ticket in cases for row in told(ticket, problem, at))
    return list(Draft.objects.filter(problem=problem, ticket__in=cases, state=waiting).order_by("pk"))


def told(ticket: Ticket, problem: Problem, at: datetime) -> list[Notice]:
    """Who handles the case, else the head of its department."""
    head = ticket.department.head if ticket.department else None
    person = ticket.owner or head
    if person is None or not person.is_active:
        return []
    context = {"what": "draft", "subject": ticket.subject, "text": problem.title}
    key = f"draft:{ticket.pk}:{problem.pk}:{at.isoformat()}"
    return notices.to_user(person, "work", key=key, at=at, topic=ticket.number or "", context=context)


def draft_of(ticket: Ticket) -> Draft | None:
    """The draft that waits on a case. One query."""
    return Draft.objects.filter(ticket=ticket, state=Draft.State.WAITING).select_related("problem", "made_by").first()


@transaction.atomic
def send_draft(
    ticket: Ticket,
    *,
    text: str,
    by: User,
    at: datetime,
    via: str = "web",
    resolves: bool = False,
    version: int | None = None,
) -> Ticket:
    """Confirm the draft, as it stands or changed: it becomes a reply, and resolves the case when asked to."""
    draft = taken(ticket, Draft.State.SENT, by=by, at=at)
    move = resolve if resolves else reply
    return move(ticket, text=text or draft.text, by=by, at=at, via=via, version=version)


@transaction.atomic
def drop_draft(ticket: Ticket, *, by: User, at: datetime) -> Ticket:
    """This customer gets another answer."""
    taken(ticket, Draft.State.DROPPED, by=by, at=at)
    return ticket


def taken(ticket: Ticket, state: str, *, by: User, at: datetime) -> Draft:
    """The draft of the case, decided; of two who decide the second is told that it is gone."""
    row = Draft.objects.select_for_update().filter(ticket=ticket, state=Draft.State.WAITING).first()
    if row is None:
        raise ActionNotAllowed(_("This case has no draft that waits; somebody may have decided it already."))
    row.state, row.decided_by, row.decided_at = state, by, at
    row.save(update_fields=["state", "decided_by", "decided_at"])
    return row


def progress(problems: Iterable[Problem]) -> dict[int, dict[str, int]]:
    """How many drafts of each problem wait, were sent, were dropped. One query."""
    found: dict[int, dict[str, int]] = {}
    rows = Draft.objects.filter(problem__in=list(problems)).order_by().values_list("problem", "state")
    for problem, state, n in rows.annotate(n=Count("pk")):
        found.setdefault(problem, dict.fromkeys(Draft.State.values, 0))[state] = n
    return found
