"""A second round never goes to who handled the last one (C5.1): who that was, and who takes the next."""

from django.utils.translation import gettext as _

from accounts.models import Department, User
from accounts.roles import Role
from tickets import workflow
from tickets.models import Ticket
from tickets.moves import ActionNotAllowed
from tickets.workflow import Level


def handlers(ticket: Ticket) -> list[User]:
    """Who handled the round that now ends: the owner, and whoever resolved it. One query."""
    resolved_by = ticket.events.filter(kind="resolve", round=ticket.round).exclude(actor=None).values("actor")
    return list(User.objects.filter(pk__in=resolved_by).union(User.objects.filter(pk=ticket.owner_id)).order_by("pk"))


def last_handlers(ticket: Ticket) -> frozenset[str]:
    """The user names of who handled the round before, and leave this one to others. No query in round 1, else one."""
    if ticket.round == 1:
        return frozenset()
    reopened = ticket.events.filter(kind="reopen", round=ticket.round).order_by("pk").last()
    return frozenset(reopened.data.get("handlers", [])) if reopened else frozenset()


def refuse_last_handler(ticket: Ticket, *people: User | None) -> None:
    """Raises ActionNotAllowed when one of `people` handled the round before. No query in round 1, else one."""
    named = [person for person in people if person is not None]
    if not named or ticket.round == 1:
        return
    barred = last_handlers(ticket)
    for person in named:
        if person.username in barred:
            raise ActionNotAllowed(
                _("%(person)s handled the last round; somebody else must take this one.") % {"person": person}
            )


def refuse_stranger(department: Department, person: User | None) -> None:
    """Raises ActionNotAllowed when `person` neither works in the department nor leads it."""
    if person is None:
        return
    if not person.is_active:
        raise ActionNotAllowed(_("%(person)s is not active.") % {"person": person})
    if person.department_id != department.pk and person.pk != department.head_id:
        raise ActionNotAllowed(
            _("%(person)s does not work in %(department)s.") % {"person": person, "department": department}
        )


def one_level_up(ticket: Ticket, barred: list[User]) -> tuple[Department, User | None, Level]:
    """Who takes the next round: the department's head, then the office, then leadership; none of `barred`.

    Without a feedback office the lead department keeps the case. Raises ActionNotAllowed when there is neither.
    """
    level = workflow.level_above(ticket.level)
    if level == Level.HEAD:
        head = ticket.department.head if ticket.department else None
        if ticket.department and head and head.is_active and head not in barred:
            return ticket.department, head, level
        level = Level.OFFICE
    office = Department.objects.filter(is_office=True).select_related("head").first() or ticket.department
    if office is None:
        raise ActionNotAllowed(_("No department is marked as the feedback office; an administrator must do so."))
    if level == Level.LEADERSHIP:
        leaders = User.objects.active().with_role(Role.LEADER).exclude(pk__in=[person.pk for person in barred])
        return office, leaders.order_by("pk").first(), level
    head = office.head
    return office, head if head and head.is_active and head not in barred else None, level
