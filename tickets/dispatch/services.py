"""From the door to the person: open, classify, assign, accept, return."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, Model, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Department, Region, User
from accounts.roles import Role
from common import prepared
from common import wording as common_wording
from common.copying import Keys, take_keys_of
from common.inserting import insert_after, insert_together, inserting
from notices.models import Notice
from tickets import numbers, services_tell, workflow
from tickets.attachments import evidence
from tickets.channels import AUTOMATIC
from tickets.dispatch import return_limit
from tickets.handling import reviewing, rounds
from tickets.models import Assignment, Attachment, Category, Ticket, TicketEvent
from tickets.moves import ActionNotAllowed, begin, event_row, finish
from tickets.search import index as search
from tickets.signals import event_recorded
from tickets.workflow import Status


@dataclass(frozen=True)
class Along:
    """Rows that a caller of `open` has stored with the ticket, and what is made once it has its number: notices, of which those
    that somebody was sent already are left out, and statements that follow them."""

    rows: Sequence[Model] = ()
    notices: Callable[[], Sequence[Notice]] = tuple
    then: Callable[[], Sequence[prepared.Statement]] = tuple


KEYS = ((Ticket, 1), (TicketEvent, 2))
"""Of the rows of a case that others point at before they are stored."""


@transaction.atomic(savepoint=False)
def open(
    *,
    channel: str,
    subject: str,
    content: str,
    nature: str,
    received_at: datetime,
    at: datetime,
    by: User | None = None,
    tier: str = "",
    department: Department | None = None,
    owner: User | None = None,
    because: Mapping[str, Any] | None = None,
    attachments: Sequence[Attachment] = (),
    answered_at_once: bool = False,
    first_contact_id: int | None = None,
    along: Callable[[Ticket], Along] | None = None,
    keys: Keys | None = None,
    **fields: Any,
) -> Ticket:
    """Register a case (A4.1): its clocks, its number, the ticket, its first events; about 4 queries.
    An error leaves the caller's own transaction to be rolled back: there is no savepoint.

    `fields` are further columns of Ticket. With `department` the case is dealt to it at once, and to `owner` of it when
    named, `because` of what its event holds; else it waits to be assigned. `by` is the person at the phone or counter,
    and then the first contact (A4.2); else it is who is dealt the case, unless one is given. `answered_at_once` says that
    the call itself was the first response. `keys`: of `KEYS`, when they were taken before. The number is taken last, so that
    its lock is short, and the row of the ticket is written once, with all that its listeners add: what points at it before is
    checked at the end of the transaction. What needs no number goes in the trip that takes it, the rest in the next one: the
    lock is held for one trip and the commit.
    """
    (key,), event_keys = keys or take_keys_of(*KEYS)
    ticket = Ticket.begun(
        id=key,
        channel=channel,
        subject=subject,
        content=content,
        nature=nature,
        tier=tier or workflow.DEFAULT_TIER[workflow.Nature(nature)],
        received_at=received_at,
        registered_at=at,
        first_response_at=at if answered_at_once else None,
        first_contact=by if by and not by.is_app and channel not in AUTOMATIC else None,
        **fields,
    )
    if first_contact_id is not None:
        ticket.first_contact_id = first_contact_id
    ticket.unsaved, ticket.sent_along = set(), []  # what listeners set on it is stored with it
    if department:
        ticket.department, ticket.departments, ticket.status = (
            department,
            [department.pk],
            Status.ASSIGNED,
        )
        ticket.owner = owner
        if ticket.first_contact_id is None:
            ticket.first_contact = owner
    registered = event_row(ticket, "register", by=by, at=at, data={"answered_at_once": answered_at_once})
    events = [TicketEvent.begun(id=event_keys[0], **registered | {"status": Status.NEW})]
    parts: list[Assignment] = []
    if department:
        given = {"department": department, "owner": owner, "assigned_by": by, "assigned_at": at}
        parts = [Assignment.begun(ticket=ticket, **given)]
        data = {"department": department.code, "automatic": True, "owner": owner.username if owner else None}
        data["because"] = dict(because or {})
        events.append(TicketEvent.begun(id=event_keys[1], **event_row(ticket, "assign", by=None, at=at, data=data)))
    if attachments:
        unlinked = Attachment.objects.filter(pk__in=[attachment.pk for attachment in attachments], ticket=None)
        unlinked.update(ticket=ticket)
    event_recorded.send(sender=TicketEvent, events=events)
    beside = along(ticket) if along else Along()
    first = [*ticket.sent_along, *inserting([search.document_of(ticket), *parts, *events, *beside.rows])]
    (ticket.number,) = numbers.take(timezone.localdate(at), first=first)
    told = services_tell.rows_of_events(events) if owner is not None else []  # only now the case has its number
    insert_together([ticket], unless_there=[*told, *beside.notices()], then=beside.then())
    ticket.unsaved = ticket.sent_along = None
    return ticket


CLASSES = ("nature", "category", "tier", "scope", "region", "needs_review", "problem")


@transaction.atomic
def classify(
    ticket: Ticket,
    *,
    by: User | None,
    at: datetime,
    version: int | None = None,
    **classes: Any,
) -> Ticket:
    """A3.1: change any of `CLASSES`; a new nature brings its default tier unless one is given too."""
    ticket = begin(ticket, "classify", version=version)
    if unknown := classes.keys() - set(CLASSES):
        raise TypeError(f"not a class: {', '.join(sorted(unknown))}")
    if "nature" in classes and "tier" not in classes and classes["nature"] != ticket.nature:
        classes["tier"] = max_tier(ticket.tier, workflow.DEFAULT_TIER[workflow.Nature(classes["nature"])])
    refuse_lighter(ticket, classes, by)
    changes = {}
    for name, value in classes.items():
        if getattr(ticket, name) != value:
            changes[name] = [code(getattr(ticket, name)), code(value)]
            setattr(ticket, name, value)
    finish(
        ticket,
        "classify",
        by=by,
        at=at,
        data={"changes": changes},
        fields=tuple(changes),
    )
    return ticket


def refuse_lighter(ticket: Ticket, classes: Mapping[str, Any], by: User | None) -> None:
    """Who works on a case does not make it owe less: that is decided by the head of the department, unless it is the head's
    own case, or by the office. Before anybody has accepted it whoever sorts it does. Two queries at most."""
    before = (ticket.nature, ticket.tier)
    if not workflow.is_lighter(before, (classes.get("nature", before[0]), classes.get("tier", before[1]))):
        return
    if not reviewing.may_relieve(ticket, by):
        raise ActionNotAllowed(
            _("Once somebody works on a case, its department’s head or the feedback office gives it a lighter class.")
        )


def max_tier(old: str, new: str) -> str:
    """A major case stays major until somebody says otherwise."""
    return workflow.Tier.L1 if old == workflow.Tier.L1 else new


def code(value: Any) -> Any:
    """A value as history keeps it: the code of a row, else the value itself."""
    if isinstance(value, Category | Region):
        return value.code
    return value.pk if hasattr(value, "pk") else value


@transaction.atomic
def assign(
    ticket: Ticket,
    *,
    department: Department,
    by: User | None,
    at: datetime,
    owner: User | None = None,
    reason: str = "",
    because: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Ticket:
    """B3.2: give the lead to a department, and to a person of it when named. The person accepts.

    `because` says by which rule the system chose them; a person gives a `reason`.
    """
    ticket = begin(ticket, "assign", version=version)
    if not department.is_active:
        raise ActionNotAllowed(_("%(department)s is not active.") % {"department": department})
    rounds.refuse_stranger(department, owner)
    rounds.refuse_last_handler(ticket, owner)
    before = ticket.department
    lead(ticket, department, owner=owner, by=by, at=at)
    data: dict[str, Any] = {
        "department": department.code,
        "owner": owner.username if owner else None,
        "from": before.code if before else None,
        "reason": reason,
    }
    if because is not None:
        data |= {"automatic": True, "because": dict(because)}
        if owner is not None and ticket.first_contact_id is None:
            ticket.first_contact = owner
    finish(
        ticket,
        "assign",
        by=by,
        at=at,
        data=data,
        fields=("department", "departments", "owner", "first_contact"),
    )
    return ticket


def lead(
    ticket: Ticket,
    department: Department,
    *,
    owner: User | None,
    by: User | None,
    at: datetime,
    accepted_at: datetime | None = None,
) -> Assignment:
    """Make a department the lead; the former lead's part ends, an offer to somebody else lapses. One query, two where
    other departments have a part; the caller saves the ticket."""
    was_lead = When(role=Assignment.Role.LEAD, then=Value("reassigned"))
    parts = ticket.assignments.filter(Q(role=Assignment.Role.LEAD) | Q(department=department), ended_at=None)
    ending = {"ended_at": at, "end_reason": Case(was_lead, default=Value("became_lead"))}
    part = Assignment(
        ticket=ticket,
        department=department,
        owner=owner,
        assigned_by=by,
        assigned_at=at,
        accepted_at=accepted_at,
        round=ticket.round,
    )
    lapsing = {"decided_by": by, "decided_at": at, "accepted": False}
    insert_after(part, (parts, ending), (ticket.transfers.filter(decided_at=None), lapsing))
    reading = co_departments(ticket)
    ticket.department, ticket.owner = department, owner
    ticket.departments = [*dict.fromkeys([department.pk, *reading])]
    return part


def co_departments(ticket: Ticket) -> list[int]:
    """The keys of those that have or did a part, and so read the case. One query; none where the lead is alone."""
    if ticket.departments == [ticket.department_id]:
        return []
    others = ticket.assignments.filter(role=Assignment.Role.CO, end_reason__in=["", "done", "waived"])
    return list(others.values_list("department_id", flat=True))


@transaction.atomic
def accept(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    owner: User | None = None,
    version: int | None = None,
) -> Ticket:
    """B3.2: the department names the owner; without `owner` it is the person who accepts.

    Whoever accepts for themselves takes the case into their own department, as by answering it (A4.2); the office works
    for any department.
    """
    ticket = begin_accept(ticket, version=version)
    if ticket.department:
        rounds.refuse_stranger(ticket.department, owner)
    owner = owner or by
    rounds.refuse_last_handler(ticket, by, owner)
    heads = ticket.department is not None and ticket.department.head_id == owner.pk
    is_stranger = owner.department_id not in ticket.departments and not heads and not owner.has_role(Role.OFFICE)
    if owner.department and is_stranger:
        lead(ticket, owner.department, owner=owner, by=by, at=at)
    ticket.owner = owner
    ticket.assignments.filter(role=Assignment.Role.LEAD, ended_at=None).update(owner=owner, accepted_at=at)
    finish(
        ticket,
        "accept",
        by=by,
        at=at,
        data={"owner": owner.username},
        fields=("department", "departments", "owner"),
    )
    return ticket


def begin_accept(ticket: Ticket, *, version: int | None) -> Ticket:
    """`begin`, but who comes second is told who was first."""
    try:
        return begin(ticket, "accept", version=version)
    except ActionNotAllowed:
        fresh = Ticket.objects.select_related("owner").get(pk=ticket.pk)
        if fresh.status == Status.IN_PROGRESS and fresh.owner:
            message = _("%(person)s has already accepted this ticket.") % {"person": fresh.owner}
            raise ActionNotAllowed(message) from None
        raise


@transaction.atomic
def return_to_dispatch(
    ticket: Ticket,
    *,
    reason: str,
    by: User,
    at: datetime,
    text: str = "",
    attachments: Sequence[Attachment] = (),
    version: int | None = None,
) -> Ticket:
    """退单, within its limit, with a reason from `workflow.ReturnReason`, counted; the second one goes to the office."""
    ticket = begin(ticket, "return_to_dispatch", version=version)
    rounds.refuse_last_handler(ticket, by)
    until = return_limit.returned_until(ticket)
    if until is not None and at > until:
        raise ActionNotAllowed(
            _("This case could be returned until %(at)s. Accept it, or ask the feedback office to assign it elsewhere.")
            % {"at": common_wording.moment(until)}
        )
    department = ticket.department
    ticket.assignments.filter(role=Assignment.Role.LEAD, ended_at=None).update(ended_at=at, end_reason="returned")
    returns = ticket.assignments.filter(end_reason="returned", round=ticket.round).count()
    office = Department.objects.filter(is_office=True).first() if returns > 1 else None
    if office:
        lead(ticket, office, owner=None, by=by, at=at)
    else:
        ticket.departments = co_departments(ticket)
        ticket.department = ticket.owner = None
    data = {
        "reason": workflow.ReturnReason(reason).value,
        "text": text,
        "count": returns,
    }
    data["department"] = department.code if department else None
    event = finish(ticket, "return_to_dispatch", by=by, at=at, data=data, fields=("department", "departments", "owner"))
    evidence.keep(event, attachments)
    return ticket
