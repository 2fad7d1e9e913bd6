"""How rounds end and begin again: close, reopen, void, restore; and what pushes a case: remind, escalate."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.remembered import looked_at_once
from tickets import workflow
from tickets.archive.services_filing import file
from tickets.dispatch.services import co_departments, lead
from tickets.handling import reviewing, rounds
from tickets.models import Ticket, TicketEvent
from tickets.moves import ActionNotAllowed, begin, finish
from tickets.workflow import VoidReason


@transaction.atomic
@looked_at_once()
def close(
    ticket: Ticket,
    *,
    by: User | None,
    at: datetime,
    reason: str = "quiet",
    version: int | None = None,
) -> Ticket:
    """Archive. `reason`: quiet (the quiet period passed), rated, not_reached, or person."""
    ticket = closed(ticket, by=by, at=at, reason=reason, version=version)
    file([ticket])
    return ticket


def closed(ticket: Ticket, *, by: User | None, at: datetime, reason: str, version: int | None = None) -> Ticket:
    """Close without filing, for who files many at once: cases of several classes are numbered in one order."""
    ticket = begin(ticket, "close", version=version)
    ticket.closed_at = at
    finish(ticket, "close", by=by, at=at, data={"reason": reason}, fields=("closed_at",))
    return ticket


@transaction.atomic
def reopen(
    ticket: Ticket,
    *,
    reason: str,
    by: User | None,
    at: datetime,
    version: int | None = None,
) -> Ticket:
    """Round n+1, one level up, by somebody else (C5.1)."""
    ticket = begin(ticket, "reopen", version=version)
    reopened(ticket, reason=reason, by=by, at=at)
    return ticket


def reopened(
    ticket: Ticket,
    *,
    reason: str,
    by: User | None,
    at: datetime,
    by_customer: bool = False,
    after: TicketEvent | None = None,
) -> None:
    """Reopen a ticket that is locked already. Round 1's figures stay; the last handler gets it never again."""
    last = ticket.owner
    barred = rounds.handlers(ticket)
    department, owner, level = rounds.one_level_up(ticket, barred)
    ticket.round += 1
    ticket.level = level
    ticket.resolved_at = ticket.closed_at = None
    ticket.rating = ""
    lead(ticket, department, owner=owner, by=by, at=at)
    data: dict[str, Any] = {
        "reason": reason,
        "level": int(level),
        "department": department.code,
        "owner": owner.username if owner else None,
        "last_handler": last.username if last else None,
        "handlers": [person.username for person in barred],
    }
    fields = (
        "round",
        "level",
        "resolved_at",
        "closed_at",
        "rating",
        "department",
        "departments",
        "owner",
    )
    finish(
        ticket,
        "reopen",
        by=by,
        at=at,
        data=data,
        fields=fields,
        by_customer=by_customer,
        after=after,
    )


@transaction.atomic
def void(
    ticket: Ticket,
    *,
    reason: str,
    by: User | None,
    at: datetime,
    text: str = "",
    by_customer: bool = False,
    version: int | None = None,
) -> Ticket:
    """Declare void, with a reason from `VoidReason`. It stays on record and is shown apart in figures."""
    ticket = begin(ticket, "void", version=version)
    if not reviewing.may_relieve(ticket, by):
        raise ActionNotAllowed(
            _("Once somebody works on a case, its department’s head or the feedback office declares it void.")
        )
    reviewing.lapse(ticket, at)
    ticket.void_reason = VoidReason(reason)
    data = {"reason": reason, "text": text}
    finish(
        ticket,
        "void",
        by=by,
        at=at,
        data=data,
        fields=("void_reason",),
        by_customer=by_customer,
    )
    return ticket


@transaction.atomic
def restore(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> Ticket:
    """A void case lives again and waits to be assigned."""
    ticket = begin(ticket, "restore", version=version)
    if ticket.merged_into_id is not None:
        raise ActionNotAllowed(_("This case is merged; undo the merge instead."))
    ticket.void_reason = ""
    ticket.assignments.filter(ended_at=None).update(ended_at=at, end_reason="void")
    ticket.departments = co_departments(ticket)
    ticket.department = ticket.owner = None
    fields = ("void_reason", "department", "departments", "owner")
    finish(ticket, "restore", by=by, at=at, data={"reason": reason}, fields=fields)
    return ticket


@transaction.atomic
def wait_over(ticket: Ticket, *, by: User | None, at: datetime, version: int | None = None) -> Ticket:
    """The customer did not answer within the limit of the wait: the case goes on without the answer."""
    ticket = begin(ticket, "wait_over", version=version)
    finish(ticket, "wait_over", by=by, at=at)
    return ticket


@transaction.atomic
def remind(
    ticket: Ticket,
    *,
    by: User | None,
    at: datetime,
    text: str = "",
    version: int | None = None,
) -> Ticket:
    """催办: who answers for the case and its first contact hear of it; the reminder is on record."""
    ticket = begin(ticket, "remind", version=version)
    finish(ticket, "remind", by=by, at=at, data={"text": text})
    return ticket


@transaction.atomic
def escalate(
    ticket: Ticket,
    *,
    reason: str,
    by: User | None,
    at: datetime,
    text: str = "",
    version: int | None = None,
) -> Ticket:
    """One level up: by a person with a reason, or by the sweep when a limit is missed (`reason="breach"`)."""
    ticket = begin(ticket, "escalate", version=version)
    before = ticket.level
    ticket.level = workflow.level_above(before)
    data = {"reason": reason, "text": text, "level": [before, int(ticket.level)]}
    finish(ticket, "escalate", by=by, at=at, data=data, fields=("level",))
    return ticket
