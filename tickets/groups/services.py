"""Major cases (C3.3 D3.3): a special group led by a manager, its log, its reports to leadership, its conclusion."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Department, User
from accounts.roles import Role
from tickets.models import SpecialGroup, Ticket
from tickets.moves import ActionNotAllowed, begin, finish
from tickets.search import index as search
from tickets.workflow import UNANSWERED, Tier

USUAL_INTERVAL = 24
LONGEST_INTERVAL = 7 * 24


def is_manager(person: User) -> bool:
    """Who may lead a special group: heads of departments and leadership. A query only for who has neither role."""
    if person.has_role(Role.HEAD, Role.LEADER):
        return True
    return Department.objects.filter(head=person, is_active=True).exists()


def group_of(ticket: Ticket) -> SpecialGroup | None:
    """One query."""
    return SpecialGroup.objects.filter(ticket=ticket).select_related("leader").first()


@transaction.atomic
def form_group(
    ticket: Ticket,
    *,
    leader: User,
    by: User | None,
    at: datetime,
    members: Sequence[User] = (),
    report_every: int = USUAL_INTERVAL,
    version: int | None = None,
) -> Ticket:
    """Form the group of a major case, or change it. The leader is a manager; reports to leadership are due every
    `report_every` hours from now on."""
    ticket = begin(ticket, "form_group", version=version)
    if ticket.tier != Tier.L1:
        raise ActionNotAllowed(_("A special group is formed for a major case (L1) only."))
    for person in (leader, *members):
        if not person.is_active or person.is_app:
            raise ActionNotAllowed(_("%(person)s is not active.") % {"person": person})
    if not is_manager(leader):
        raise ActionNotAllowed(_("%(person)s is not a manager; a special group is led by one.") % {"person": leader})
    if not 1 <= report_every <= LONGEST_INTERVAL:
        raise ActionNotAllowed(_("Leadership is told at least once a week, at most every hour."))
    group, created = SpecialGroup.objects.update_or_create(
        ticket=ticket,
        defaults={"leader": leader, "report_every": report_every, "round": ticket.round},
        create_defaults={
            "leader": leader, "report_every": report_every, "round": ticket.round, "formed_at": at,
        },
    )  # fmt: skip
    everybody = {leader.pk: leader} | {person.pk: person for person in members}
    if created:
        group.members.add(*everybody.values())
    else:
        group.members.set(everybody.values())
    data = {
        "leader": leader.username,
        "members": [person.username for person in everybody.values() if person.pk != leader.pk],
        "report_every": report_every,
    }
    finish(ticket, "form_group", by=by, at=at, data=data)
    return ticket


def call_together(ticket: Ticket, at: datetime) -> None:
    """The group that a major case gets at once: the head of its department leads, the office and who has the case belong
    to it. A case that has its group in this round keeps it. ActionNotAllowed when nobody could lead it."""
    known = group_of(ticket)
    if known is not None and known.round == ticket.round:
        return
    office = Department.objects.filter(is_office=True).select_related("head").first()
    heads = [row.head for row in (ticket.department, office) if row is not None and row.head is not None]
    leads = next((head for head in heads if head.is_active), None)
    if leads is None:
        leads = User.objects.active().with_role(Role.LEADER).order_by("pk").first()
    if leads is None:
        raise ActionNotAllowed(_("Nobody here could lead a special group: no department has a head."))
    people = [*heads, ticket.owner, ticket.first_contact, *(known.members.all() if known else ())]
    members = {person.pk: person for person in people if person is not None and person.is_active}
    form_group(ticket, leader=leads, members=list(members.values()), by=None, at=at)


def must_have_group(ticket: Ticket, by: User) -> SpecialGroup:
    """The group, when `by` belongs to it or is of the office. Two queries."""
    group = group_of(ticket)
    if group is None:
        raise ActionNotAllowed(_("This case has no special group."))
    if not by.has_role(Role.OFFICE) and not group.members.filter(pk=by.pk).exists():
        raise ActionNotAllowed(_("Only the special group of this case does this."))
    return group


@transaction.atomic
def log_work(ticket: Ticket, *, text: str, by: User, at: datetime, version: int | None = None) -> Ticket:
    """A line of the group's log: what was done, found, decided."""
    ticket = begin(ticket, "log_work", version=version)
    must_have_group(ticket, by)
    finish(ticket, "log_work", by=by, at=at, data={"text": text})
    search.add([(ticket.pk, search.INTERNAL, text, "")])
    return ticket


@transaction.atomic
def report_situation(ticket: Ticket, *, text: str, by: User, at: datetime, version: int | None = None) -> Ticket:
    """Tell leadership how things stand; the next report is due an interval later."""
    ticket = begin(ticket, "report_situation", version=version)
    group = must_have_group(ticket, by)
    data: dict[str, Any] = {"text": text, "report_every": group.report_every}
    finish(ticket, "report_situation", by=by, at=at, data=data)
    search.add([(ticket.pk, search.INTERNAL, text, "")])
    return ticket


@transaction.atomic
def conclude_group(
    ticket: Ticket, *, text: str, lessons: str, by: User, at: datetime, version: int | None = None
) -> Ticket:
    """The group's work ends with the special report: its conclusion and what is to be learned (A3.3)."""
    ticket = begin(ticket, "conclude_group", version=version)
    group = must_have_group(ticket, by)
    if ticket.status in UNANSWERED:
        raise ActionNotAllowed(_("The case is resolved before its group reports on it."))
    group.conclusion, group.lessons, group.concluded_by, group.concluded_at = text, lessons, by, at
    group.save(update_fields=["conclusion", "lessons", "concluded_by", "concluded_at"])
    finish(ticket, "conclude_group", by=by, at=at, data={"text": text, "lessons": lessons})
    return ticket
