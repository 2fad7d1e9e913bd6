"""Cases that are one, or belong together: merge, unmerge, link, split; and who the first contact is."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from common.remembered import looked_at_once
from tickets.dispatch.services import lead
from tickets.dispatch.services import open as register
from tickets.handling import reviewing
from tickets.models import Link, Message, Ticket, TicketEvent
from tickets.moves import AROUND, ActionNotAllowed, begin, finish, next_event, record
from tickets.querysets import WORKING
from tickets.workflow import UNANSWERED, Status, VoidReason


def begin_both(ticket: Ticket, other: Ticket, verb: str, *, version: int | None) -> tuple[Ticket, Ticket]:
    """Lock both in one order, so that A into B and B into A cannot wait for each other; `begin` checks the first."""
    if ticket.pk == other.pk:
        raise ActionNotAllowed(_("A case cannot be joined with itself."))
    rows = Ticket.objects.select_for_update(of=("self",)).filter(pk__in=[ticket.pk, other.pk]).order_by("pk")
    locked = {row.pk: row for row in rows.select_related(*AROUND)}
    return begin(ticket, verb, version=version, locked=locked[ticket.pk]), locked[other.pk]


@transaction.atomic
def merge(
    ticket: Ticket, *, into: Ticket, by: User, at: datetime, reason: str = "", version: int | None = None
) -> Ticket:
    """Two cases of one customer on one matter become one: `ticket` ends, its number leads to `into` for ever.

    The earlier case survives, so that the limits that began first run on. Nothing is moved or dropped.
    """
    ticket, survivor = begin_both(ticket, into, "merge", version=version)
    refuse_two_matters(ticket, survivor)
    before = {"status": ticket.status, "department": ticket.department.code if ticket.department else None}
    reviewing.lapse(ticket, at)
    ticket.merged_into, ticket.void_reason = survivor, VoidReason.DUPLICATE
    data = before | {"into": survivor.number, "reason": reason}
    event = finish(ticket, "merge", by=by, at=at, data=data, fields=("merged_into", "void_reason"), more_follows=True)
    tell_other(survivor, "joined", by=by, at=at, number=ticket.number, after=event)
    return ticket


def refuse_two_matters(ticket: Ticket, survivor: Ticket) -> None:
    if ticket.customer_id is None or ticket.customer_id != survivor.customer_id:
        raise ActionNotAllowed(_("Only cases of the same customer are merged; link the others."))
    if survivor.merged_into_id is not None:
        raise ActionNotAllowed(_("%(number)s is itself merged into another case.") % {"number": survivor})
    if survivor.status not in UNANSWERED:
        raise ActionNotAllowed(_("%(number)s is no longer open; link the cases instead.") % {"number": survivor})
    if (survivor.received_at, survivor.pk) > (ticket.received_at, ticket.pk):
        raise ActionNotAllowed(
            _("The earlier case survives, because its limits began first: merge %(later)s into %(earlier)s.")
            % {"later": survivor, "earlier": ticket}
        )


def tell_other(ticket: Ticket, kind: str, *, by: User, at: datetime, number: str | None, after: TicketEvent) -> None:
    """The other case's own record of it; its state stays. Told together with the event that it answers to."""
    record([after, next_event(ticket, kind, by=by, at=at, data={"number": number})])


@transaction.atomic
def unmerge(ticket: Ticket, *, by: User, at: datetime, reason: str = "", version: int | None = None) -> Ticket:
    """Undo a merge: the case lives again, with the department that it had."""
    ticket = begin(ticket, "unmerge", version=version)
    survivor = ticket.merged_into
    if survivor is None:
        raise ActionNotAllowed(_("This case is not merged."))
    department = ticket.department
    ticket.merged_into, ticket.void_reason = None, ""
    ticket.status = Status.NEW
    data = {"from": survivor.number, "reason": reason}
    fields = ("merged_into", "void_reason", "status")
    event = finish(ticket, "unmerge", by=by, at=at, data=data, fields=fields, more_follows=department is not None)
    if department is not None:
        lead(ticket, department, owner=None, by=by, at=at)
        given = {"department": department.code, "owner": None, "from": None, "reason": ""}
        finish(ticket, "assign", by=by, at=at, data=given, fields=("department", "departments", "owner"), after=event)
    return ticket


@transaction.atomic
def link(
    ticket: Ticket, *, other: Ticket, by: User, at: datetime, reason: str = "", version: int | None = None
) -> Ticket:
    """Put two cases side by side. Each keeps its own answer and its own rating."""
    ticket, far = begin_both(ticket, other, "link", version=version)
    first, second = sorted([ticket, far], key=lambda row: row.pk)
    _row, created = Link.objects.get_or_create(
        ticket=first, other=second, defaults={"reason": reason, "made_by": by, "made_at": at}
    )
    if not created:
        raise ActionNotAllowed(_("These cases are linked already."))
    event = finish(ticket, "link", by=by, at=at, data={"number": far.number, "reason": reason}, more_follows=True)
    tell_other(far, "linked", by=by, at=at, number=ticket.number, after=event)
    return ticket


@transaction.atomic
@looked_at_once()
def split(
    ticket: Ticket,
    *,
    subject: str,
    content: str,
    by: User,
    at: datetime,
    nature: str = "",
    message: Message | None = None,
    told_first: bool = False,
    version: int | None = None,
) -> Ticket:
    """A second matter in one case becomes a case of its own; both numbers name each other.

    Its limits begin with the customer's `message` that told of it, or with the first words where these `told_first`, else
    now.
    """
    ticket = begin(ticket, "split", version=version)
    if message is not None and (message.ticket_id != ticket.pk or message.direction != Message.Direction.IN):
        raise ActionNotAllowed(_("This is no message of the customer in this case."))
    told = message.at if message else ticket.received_at if told_first else at
    part = register(
        channel=ticket.channel,
        subject=subject,
        content=content,
        nature=nature or ticket.nature,
        received_at=min(told, at),
        at=at,
        customer=ticket.customer,
        anonymous=ticket.anonymous,
        region=ticket.region,
        region_text=ticket.region_text,
        language=ticket.language,
        parent=ticket,
        first_contact_id=ticket.first_contact_id or by.pk,
    )
    event = next_event(ticket, "split", by=by, at=at, data={"number": part.number, "subject": subject})
    event.opened = part
    record([event])
    return ticket


@transaction.atomic
def change_first_contact(
    ticket: Ticket, *, person: User, reason: str, by: User | None, at: datetime, version: int | None = None
) -> Ticket:
    """A4.2: nobody sheds a case; only the office makes somebody else its first contact, with a reason."""
    ticket = begin(ticket, "change_first_contact", version=version)
    if not person.is_active or person.is_app:
        raise ActionNotAllowed(_("%(person)s is not active.") % {"person": person})
    if by is not None and not person.has_role(*WORKING, Role.OFFICE):
        raise ActionNotAllowed(_("%(person)s does not work on cases.") % {"person": person})
    if person.pk == ticket.first_contact_id:
        raise ActionNotAllowed(_("%(person)s is the first contact already.") % {"person": person})
    before = ticket.first_contact
    ticket.first_contact = person
    data = {"person": person.username, "from": before.username if before else None, "reason": reason}
    finish(ticket, "change_first_contact", by=by, at=at, data=data, fields=("first_contact",))
    return ticket
