"""Archived cases: who opens one says what for, and the reading is on record (D6)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts import services as accounts
from accounts.models import AccessLog, User
from tickets.models import Ticket
from tickets.workflow import Status

A_READING = timedelta(days=1)
"""For so long one stated purpose holds."""


def must_say_why(user: User, ticket: Ticket, *, at: datetime) -> bool:
    """Whether this case is archived and the user has not said today what it is read for. A query at most."""
    if ticket.status != Status.CLOSED:
        return False
    said = AccessLog.objects.filter(
        action=AccessLog.Action.READ_ARCHIVE, subject=ticket.number, user=user, at__gt=at - A_READING, at__lte=at
    )
    return not said.exists()


def refuse_unsaid(user: User, ticket: Ticket | None, *, at: datetime) -> None:
    """For files, mails and letters of an archived case, which have no room to ask. Raises PermissionDenied."""
    if ticket is not None and must_say_why(user, ticket, at=at):
        raise PermissionDenied(_("This case is archived. Open it and say first what you read it for."))


def log_readings(user: User, tickets: Iterable[Ticket], *, purpose: str, at: datetime) -> None:
    """Of a list that shows what cases say: the archived ones among them. Two queries; none where none is archived."""
    numbers = [ticket.number or "" for ticket in tickets if ticket.status == Status.CLOSED]
    if not numbers:
        return
    action = AccessLog.Action.READ_ARCHIVE
    since = AccessLog.objects.filter(action=action, subject__in=numbers, user=user, at__gt=at - A_READING, at__lte=at)
    said = set(since.values_list("subject", flat=True))
    AccessLog.objects.bulk_create(
        AccessLog(user=user, action=action, subject=number, at=at, purpose=purpose[:500])
        for number in numbers
        if number not in said
    )


def log_reading(user: User, ticket: Ticket, *, purpose: str, at: datetime) -> None:
    """Once a day for a person and a case."""
    if must_say_why(user, ticket, at=at):
        action = AccessLog.Action.READ_ARCHIVE
        accounts.log_access(user=user, action=action, subject=ticket.number or "", at=at, purpose=purpose)
