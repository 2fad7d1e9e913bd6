"""The weekly meeting (C3.4): a generated agenda, minutes, decisions; improvement actions followed to the end (C5.1)."""

import hashlib
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from notices import services as notices
from supervision import agenda
from supervision.models import Action, Meeting
from supervision.services_samples import Refused

HOLDERS = {Role.OFFICE}
TAKES_PART = {Role.OFFICE, Role.HEAD, Role.AUDITOR, Role.LEADER, Role.ANALYST}


def mark_of(meeting: Meeting) -> str:
    """Stands for what the minutes say now."""
    said = "\0".join((meeting.chair, meeting.present, meeting.minutes))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def may_hold(user: User) -> bool:
    return user.has_role(*HOLDERS)


@transaction.atomic
def prepare(*, day: date, by: User, at: datetime) -> Meeting:
    """A meeting with its agenda, from what happened since the one before (a week when there is none)."""
    _holding(by)
    if Meeting.objects.filter(held_on=day).exists():
        raise Refused(_("There is a meeting on that day already."))
    before = Meeting.objects.filter(held_on__lt=day).order_by("-held_on").first()
    since = before.made_at if before else at - timedelta(days=7)
    return Meeting.objects.create(held_on=day, agenda=agenda.gather(day, at, since), made_at=at, made_by=by)


@transaction.atomic
def renew(meeting: Meeting, *, by: User, at: datetime) -> Meeting:
    """The agenda anew, as things stand now."""
    row = _open(meeting, by)
    row.agenda = agenda.gather(row.held_on, at, datetime.fromisoformat(row.agenda["since"]))
    row.save(update_fields=["agenda"])
    return row


@transaction.atomic
def write_minutes(meeting: Meeting, *, chair: str, present: str, minutes: str, by: User, seen: str = "") -> Meeting:
    """`seen` is the mark of the minutes that the writer saw; others that a colleague kept meanwhile are not written over."""
    row = _open(meeting, by)
    if seen and seen != mark_of(row):
        raise Refused(_("A colleague kept other minutes in the meantime. They stand above; yours are not kept yet."))
    row.chair, row.present, row.minutes = chair, present, minutes
    row.save(update_fields=["chair", "present", "minutes"])
    return row


@transaction.atomic
def close(meeting: Meeting, *, by: User, at: datetime) -> Meeting:
    """From now on the minutes stay as they are."""
    row = _open(meeting, by)
    if not row.minutes.strip():
        raise Refused(_("Write the minutes first."))
    row.closed_at, row.closed_by = at, by
    row.save(update_fields=["closed_at", "closed_by"])
    return row


@transaction.atomic
def add_action(
    *, text: str, owner: User, due_on: date, by: User, at: datetime, goal: str = "", meeting: Meeting | None = None
) -> Action:
    """A decision of the meeting, or an improvement of its own; its owner is told."""
    row = _open(meeting, by) if meeting else None
    _holding(by)
    if not owner.is_active or owner.is_app:
        raise Refused(_("%(person)s is not active.") % {"person": owner})
    kind = Action.Kind.DECISION if row else Action.Kind.IMPROVEMENT
    action = Action.objects.create(
        meeting=row, kind=kind, text=text, goal=goal, owner=owner, due_on=due_on, made_at=at, made_by=by
    )
    context = {"text": text, "due": due_on.isoformat()}
    notices.add(notices.to_user(owner, "action", key=f"action:{action.pk}", at=at, context=context, by_mail=True))
    return action


@transaction.atomic
def finish(action: Action, *, outcome: str, by: User, at: datetime) -> Action:
    """Done, with what came of it: by its owner or the office."""
    row = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if not may_finish(by, row):
        raise Refused(_("The owner or the office says that it is done, once."))
    row.done_at, row.done_by, row.outcome = at, by, outcome
    row.save(update_fields=["done_at", "done_by", "outcome"])
    return row


def may_finish(user: User, row: Action) -> bool:
    return row.done_at is None and (user.pk == row.owner_id or may_hold(user))


def _holding(by: User) -> None:
    if not may_hold(by):
        raise Refused(_("Only the office holds meetings and records decisions."))


def _open(meeting: Meeting, by: User) -> Meeting:
    _holding(by)
    row = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if row.closed_at is not None:
        raise Refused(_("The minutes of this meeting are closed."))
    return row
