"""Nothing is orphaned (A4.2): cases of a person or a department that left, or moved, come to somebody who is there.

Whoever makes the change (a page, a command, SQL) need not think of it: what is left without anybody is looked for, and
handed on with an event and a notice. Safe to run twice; one that fails leaves the others alone.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from accounts.models import Department, User
from accounts.roles import Role
from notices import services as notices
from tickets import moves
from tickets.dispatch.services import assign, lead
from tickets.joining.services import change_first_contact
from tickets.models import Assignment, Improvement, Ticket, Transfer
from tickets.moves import ActionNotAllowed, StaleTicket, next_event
from tickets.workflow import UNANSWERED, Status

log = logging.getLogger(__name__)
BATCH = 200


def rehouse(at: datetime) -> int:
    """Hand on what nobody answers for any more; returns how many cases were. Six short queries when there is nothing."""
    moved = 0
    moved += each(closed_departments(), from_closed_department, at)
    moved += each(gone_owners(), from_gone_owner, at)
    moved += each(gone_first_contacts(), from_gone_first_contact, at)
    with transaction.atomic():
        end_offers(at)
        free_parts()
        moved += hand_on_improvements()
    return moved


def each(rows: Iterable[Ticket], act: Callable[[Ticket, datetime], Any], at: datetime) -> int:
    done = 0
    for ticket in rows:
        try:
            with transaction.atomic():
                act(ticket, at)
                done += 1
        except (ActionNotAllowed, StaleTicket) as refusal:
            log.warning("%s: cannot be handed on: %s", ticket.number, refusal)
    return done


# --- who has left ----------------------------------------------------------------------------------
def closed_departments() -> list[Ticket]:
    rows = Ticket.objects.filter(status__in=UNANSWERED, department__is_active=False)
    return list(rows.select_related("department__parent").order_by("pk")[:BATCH])


def gone_owners() -> list[Ticket]:
    """Owned by who is not active, or who now works in a department without a part in the case. Heads keep what they
    lead, leadership (no department) what came up to it, and the office what it took: it works for any department."""
    gone = Q(owner__is_active=False)
    moved = (
        Q(owner__department__isnull=False)
        & ~Q(departments__contains=[F("owner__department_id")])
        & ~Q(department__head=F("owner"))
        & ~Q(owner__roles__overlap=[Role.LEADER, Role.OFFICE])
        & Q(department__isnull=False)
    )
    open_ones = Ticket.objects.filter(status__in=UNANSWERED, owner__isnull=False)
    found = open_ones.filter(gone).values("pk").union(open_ones.filter(moved).values("pk"))
    rows = Ticket.objects.filter(pk__in=[row["pk"] for row in found[:BATCH]])
    return list(rows.select_related("department__head", "owner").order_by("pk"))


def gone_first_contacts() -> list[Ticket]:
    rows = Ticket.objects.filter(status__in=[*UNANSWERED, Status.RESOLVED], first_contact__is_active=False)
    return list(rows.select_related("department__head").order_by("pk")[:BATCH])


# --- what becomes of it ----------------------------------------------------------------------------
def from_closed_department(ticket: Ticket, at: datetime) -> None:
    """To the department above, when it works; else to the office, else back to dispatch."""
    home = ticket.department.parent if ticket.department else None
    if home is None or not home.is_active:
        home = Department.objects.filter(is_office=True, is_active=True).first()
    if home is not None:
        hand_on(ticket, home, at, reason="department_closed")


def from_gone_owner(ticket: Ticket, at: datetime) -> None:
    """Back to its department, whose head names somebody; a case in review stays there, with the head as its owner."""
    if ticket.department is not None:
        hand_on(ticket, ticket.department, at, reason="owner_left")


def hand_on(ticket: Ticket, department: Department, at: datetime, *, reason: str) -> None:
    """A case at work is assigned anew. One in review keeps its state: only its people change."""
    if ticket.status != Status.IN_REVIEW:
        assign(ticket, department=department, by=None, at=at, reason=reason, version=ticket.version)
        return
    fresh = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
    if fresh.version != ticket.version:
        return
    head = department.head if department.head and department.head.is_active else None
    lead(fresh, department, owner=head, by=None, at=at, accepted_at=at if head else None)
    data = {"department": department.code, "owner": head.username if head else None, "reason": reason}
    record(fresh, "hand_on", at=at, data=data)


def record(ticket: Ticket, kind: str, *, at: datetime, data: dict[str, Any]) -> None:
    """An event that is no move of the table: the case stays where it is, only its people change."""
    people = ("department", "departments", "owner")
    moves.record([next_event(ticket, kind, by=None, at=at, data=data, fields=people)])


def from_gone_first_contact(ticket: Ticket, at: datetime) -> None:
    """To the head of the department that has the case, else of the office, else to somebody of the office."""
    head = ticket.department.head if ticket.department else None
    heir = head if head is not None and head.is_active else None
    if heir is None:
        people = User.objects.active().with_role(Role.OFFICE)
        heir = people.filter(headed_departments__is_office=True).first() or people.order_by("pk").first()
    if heir is not None:
        change_first_contact(ticket, person=heir, by=None, at=at, reason="person_left", version=ticket.version)
        notices.add(told(heir, ticket, at))


def told(person: User, ticket: Ticket, at: datetime) -> list[Any]:
    context = {"subject": ticket.subject, "what": "assign"}
    key = f"heir:{ticket.pk}:{person.pk}:{ticket.version}"
    return notices.to_user(person, "work", key=key, at=at, topic=ticket.number or "", context=context)


# --- smaller things --------------------------------------------------------------------------------
def end_offers(at: datetime) -> None:
    """An offer to somebody who left lapses; the sender has the case still."""
    gone = Q(owner__is_active=False) | Q(department__is_active=False)
    Transfer.objects.filter(gone, decided_at=None).update(accepted=False, decided_at=at)


def free_parts() -> None:
    """A co-department's part whose person left belongs to the department again."""
    open_ones = Assignment.objects.filter(role=Assignment.Role.CO, ended_at=None, owner__is_active=False)
    open_ones.update(owner=None)


def hand_on_improvements() -> int:
    """An improvement whose owner left goes to the head of their department, else to the office."""
    done = 0
    rows = Improvement.objects.filter(state=Improvement.State.OPEN, owner__is_active=False)
    for row in rows.select_related("owner__department__head")[:BATCH]:
        head = row.owner.department.head if row.owner.department else None
        heir = head if head is not None and head.is_active and head.pk != row.owner_id else None
        heir = heir or User.objects.active().with_role(Role.OFFICE).order_by("pk").first()
        if heir is not None:
            row.owner = heir
            row.save(update_fields=["owner"])
            done += 1
    return done
