"""A case in several hands (B3.2 D3.3): co-departments with tasks of their own, and handing over with acceptance."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Department, User
from accounts.roles import Role
from common.wording import listed
from tickets.attachments import evidence
from tickets.dispatch.services import co_departments, lead
from tickets.handling import rounds
from tickets.handling.reviewing import heads
from tickets.models import Assignment, Attachment, Ticket, Transfer
from tickets.moves import ActionNotAllowed, begin, finish
from tickets.search import index as search
from tickets.situation import may_decide


@transaction.atomic
def co_assign(
    ticket: Ticket,
    *,
    department: Department,
    task: str,
    by: User,
    at: datetime,
    owner: User | None = None,
    limit: datetime | None = None,
    version: int | None = None,
) -> Ticket:
    """Ask another department for its part. Its answer goes to the lead, never to the customer."""
    ticket = begin(ticket, "co_assign", version=version)
    if not department.is_active:
        raise ActionNotAllowed(_("%(department)s is not active.") % {"department": department})
    if department.pk == ticket.department_id:
        raise ActionNotAllowed(_("%(department)s leads this case already.") % {"department": department})
    if limit is not None and limit <= at:
        raise ActionNotAllowed(_("The limit must lie ahead."))
    if open_parts(ticket).filter(department=department).exists():
        raise ActionNotAllowed(_("%(department)s has an open part in this case already.") % {"department": department})
    rounds.refuse_stranger(department, owner)
    part = Assignment.objects.create(
        ticket=ticket,
        department=department,
        role=Assignment.Role.CO,
        round=ticket.round,
        owner=owner,
        assigned_by=by,
        assigned_at=at,
        task=task,
        limit=limit,
    )
    ticket.departments = [*dict.fromkeys([*ticket.departments, department.pk])]
    data = told_of(part, department) | {"task": task, "owner": owner.username if owner else None}
    data["limit"] = limit.isoformat() if limit else None
    finish(ticket, "co_assign", by=by, at=at, data=data, fields=("departments",))
    return ticket


def open_parts(ticket: Ticket) -> Any:
    return ticket.assignments.filter(role=Assignment.Role.CO, ended_at=None)


def told_of(part: Assignment, department: Department) -> dict[str, Any]:
    return {"assignment": part.pk, "department": department.code}


@transaction.atomic
def co_done(
    ticket: Ticket,
    *,
    text: str,
    by: User,
    at: datetime,
    department: Department | None = None,
    attachments: Sequence[Attachment] = (),
    version: int | None = None,
) -> Ticket:
    """A co-department reports its part; `department` is the one of `by` unless said otherwise. Whoever of it does so
    is on record as the part's owner where nobody was named."""
    ticket = begin(ticket, "co_done", version=version)
    if department is not None and not speaks_for(by, department):
        raise ActionNotAllowed(_("Only %(department)s itself reports its part.") % {"department": department})
    part = end_part(ticket, department or by.department, reason="done", at=at, result=text, by=by)
    event = finish(ticket, "co_done", by=by, at=at, data=told_of(part, part.department) | {"text": text})
    evidence.keep(event, attachments)
    search.add([(ticket.pk, search.INTERNAL, text, "")])
    return ticket


@transaction.atomic
def co_waive(
    ticket: Ticket, *, department: Department, reason: str, by: User, at: datetime, version: int | None = None
) -> Ticket:
    """The office lets the lead go on without a part, with a reason."""
    ticket = begin(ticket, "co_waive", version=version)
    part = end_part(ticket, department, reason="waived", at=at, result=reason)
    finish(ticket, "co_waive", by=by, at=at, data=told_of(part, part.department) | {"reason": reason})
    return ticket


def speaks_for(person: User, department: Department) -> bool:
    """Its own people, its heads, and the office; the lead waits for the part, it does not write it."""
    return person.department_id == department.pk or person.has_role(Role.OFFICE) or heads(person, department)


def end_part(
    ticket: Ticket, department: Department | None, *, reason: str, at: datetime, result: str, by: User | None = None
) -> Assignment:
    part = open_parts(ticket).filter(department=department).select_related("department").first()
    if part is None:
        raise ActionNotAllowed(
            _("%(department)s has no open part in this case.") % {"department": department or _("Nobody’s department")}
        )
    part.ended_at, part.end_reason, part.result = at, reason, result
    if part.owner_id is None and by is not None and by.department_id == part.department_id:
        part.owner = by
    part.save(update_fields=["ended_at", "end_reason", "result", "owner"])
    return part


def refuse_open_parts(ticket: Ticket) -> None:
    """The lead neither reports nor resolves while a co-department owes its part. One query; none where the lead is
    alone."""
    if len(ticket.departments) < 2:
        return
    owing = [str(part.department) for part in open_parts(ticket).select_related("department")]
    if owing:
        raise ActionNotAllowed(
            ngettext(
                "%(departments)s still owes its part. Wait for it, or let the feedback office waive it.",
                "%(departments)s still owe their parts. Wait for them, or let the feedback office waive them.",
                len(owing),
            )
            % {"departments": listed(owing)}
        )


# --- handing over -----------------------------------------------------------------------------------
@transaction.atomic
def transfer(
    ticket: Ticket,
    *,
    department: Department,
    reason: str,
    by: User,
    at: datetime,
    owner: User | None = None,
    version: int | None = None,
) -> Ticket:
    """Offer the lead to a department, or to a person of it. The sender answers for the case until it is accepted."""
    ticket = begin(ticket, "transfer", version=version)
    if not department.is_active:
        raise ActionNotAllowed(_("%(department)s is not active.") % {"department": department})
    if owner and owner.pk == ticket.owner_id:
        raise ActionNotAllowed(_("%(person)s has the case already.") % {"person": owner})
    if owner is None and department.pk == ticket.department_id:
        raise ActionNotAllowed(_("Name the colleague who is to take over."))
    rounds.refuse_stranger(department, owner)
    rounds.refuse_last_handler(ticket, owner)
    if ticket.transfers.filter(decided_at=None).exists():
        raise ActionNotAllowed(_("The case has been offered already; that offer must be decided first."))
    Transfer.objects.create(
        ticket=ticket, department=department, owner=owner, reason=reason, offered_by=by, offered_at=at
    )
    ticket.departments = [*dict.fromkeys([*ticket.departments, department.pk])]
    data = handed(ticket, department, owner) | {"reason": reason}
    finish(ticket, "transfer", by=by, at=at, data=data, fields=("departments",))
    return ticket


def handed(ticket: Ticket, department: Department, owner: User | None) -> dict[str, Any]:
    return {
        "department": department.code,
        "owner": owner.username if owner else None,
        "from": ticket.department.code if ticket.department else None,
        "from_owner": ticket.owner.username if ticket.owner else None,
    }


def offered(ticket: Ticket, by: User) -> Transfer:
    """The offer that `by` may decide: it is to them, to their department, or to one that they lead. One query."""
    offer = ticket.transfers.filter(decided_at=None).select_related("department", "owner").first()
    if offer is None:
        raise ActionNotAllowed(_("The case is not offered to anybody."))
    if not may_decide(offer, by):
        raise ActionNotAllowed(
            _("The case is offered to %(receiver)s, who decides.") % {"receiver": offer.owner or offer.department}
        )
    return offer


@transaction.atomic
def accept_transfer(ticket: Ticket, *, by: User, at: datetime, version: int | None = None) -> Ticket:
    """Take over what was offered: from now on the receiver answers for the case. Its clocks run on."""
    ticket = begin(ticket, "accept_transfer", version=version)
    offer = offered(ticket, by)
    owner = offer.owner or by
    rounds.refuse_last_handler(ticket, owner)
    data = handed(ticket, offer.department, owner)
    decide(offer, by=by, at=at, accepted=True)
    lead(ticket, offer.department, owner=owner, by=offer.offered_by, at=at, accepted_at=at)
    finish(ticket, "accept_transfer", by=by, at=at, data=data, fields=("department", "departments", "owner"))
    return ticket


@transaction.atomic
def decline_transfer(ticket: Ticket, *, reason: str, by: User, at: datetime, version: int | None = None) -> Ticket:
    """Refuse what was offered, with a reason; the sender keeps the case."""
    ticket = begin(ticket, "decline_transfer", version=version)
    offer = offered(ticket, by)
    decide(offer, by=by, at=at, accepted=False)
    ticket.departments = [*dict.fromkeys([*filter(None, [ticket.department_id]), *co_departments(ticket)])]
    data = {"department": offer.department.code, "reason": reason}
    finish(ticket, "decline_transfer", by=by, at=at, data=data, fields=("departments",))
    return ticket


def decide(offer: Transfer, *, by: User, at: datetime, accepted: bool) -> None:
    offer.accepted, offer.decided_by, offer.decided_at = accepted, by, at
    offer.save(update_fields=["accepted", "decided_by", "decided_at"])
