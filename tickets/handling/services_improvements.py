"""What a suggestion set in motion (A4.3): opened with its adoption, reported back when it is done, months later too."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from notices import services as notices
from tickets.models import Improvement, Ticket
from tickets.moves import ActionNotAllowed, begin, finish
from tickets.search import index as search

LONGEST = timedelta(days=3 * 366)
WARNED_BEFORE = timedelta(days=7)
BATCH = 500


def open_improvement(ticket: Ticket, *, text: str, owner: User, due_on: date, at: datetime) -> Improvement:
    """The action that an adopted suggestion opens, or changes. The caller writes the event. Two queries."""
    if not owner.is_active or owner.is_app:
        raise ActionNotAllowed(_("%(person)s is not active.") % {"person": owner})
    today = timezone.localdate(at)
    if not today <= due_on <= today + LONGEST:
        raise ActionNotAllowed(_("An improvement is done between today and three years from now."))
    row, _created = Improvement.objects.update_or_create(
        ticket=ticket,
        state=Improvement.State.OPEN,
        defaults={"text": text, "owner": owner, "due_on": due_on},
        create_defaults={"text": text, "owner": owner, "due_on": due_on, "opened_at": at},
    )
    return row


@transaction.atomic
def improvement_done(ticket: Ticket, *, text: str, by: User, at: datetime, version: int | None = None) -> Ticket:
    """It is done: the customer is told what came of the suggestion, even after the case was archived."""
    return end(ticket, "improvement_done", Improvement.State.DONE, text=text, by=by, at=at, version=version)


@transaction.atomic
def improvement_dropped(ticket: Ticket, *, reason: str, by: User, at: datetime, version: int | None = None) -> Ticket:
    """It will not be done after all; the customer is told why."""
    return end(ticket, "improvement_dropped", Improvement.State.DROPPED, text=reason, by=by, at=at, version=version)


def end(ticket: Ticket, verb: str, state: str, *, text: str, by: User, at: datetime, version: int | None) -> Ticket:
    ticket = begin(ticket, verb, version=version)
    row = Improvement.objects.select_related("owner").filter(ticket=ticket, state=Improvement.State.OPEN).first()
    if row is None:
        raise ActionNotAllowed(_("No improvement of this case is under way."))
    row.state, row.result, row.ended_by, row.ended_at = state, text, by, at
    row.save(update_fields=["state", "result", "ended_by", "ended_at"])
    data = {"text": text, "improvement": row.text, "owner": row.owner.username, "due_on": row.due_on.isoformat()}
    finish(ticket, verb, by=by, at=at, data=data, said=text)
    search.add([(ticket.pk, search.INTERNAL, text, "")])
    return ticket


def remind_of_improvements(at: datetime) -> int:
    """Tell owners a week before and once a week after the date, and the head of the owner's department once it is late.
    Safe to run twice: the key holds the step."""
    today = timezone.localdate(at)
    near = Improvement.objects.filter(state=Improvement.State.OPEN, due_on__lte=today + WARNED_BEFORE)
    rows = []
    for row in near.select_related("ticket", "owner__department__head").order_by("due_on", "pk")[:BATCH]:
        week = (today - row.due_on).days // 7
        people = {row.owner_id: row.owner}
        head = row.owner.department.head if row.owner.department else None
        if today > row.due_on and head is not None and head.is_active:
            people[head.pk] = head
        context: dict[str, Any] = {"subject": row.ticket.subject, "text": row.text, "due_on": row.due_on.isoformat()}
        context["late"] = today > row.due_on
        for person in people.values():
            rows += notices.to_user(
                person, "improvement_due", key=f"improvement:{row.pk}:{row.due_on}:{week}", at=at, context=context,
                topic=row.ticket.number or "", by_mail=True,
            )  # fmt: skip
    notices.add(rows)
    return len(rows)
