"""Colleagues hear of what they have to do next: notices in the application, written with the move that causes them."""

from collections.abc import Container, Iterable, Sequence
from typing import Any

from accounts.models import User
from accounts.roles import Role
from notices import floods
from notices import services as notices
from notices.models import Notice
from tickets.models import Ticket, TicketEvent
from tickets.workflow import Gate, Level

TOLD = {
    "assign", "co_assign", "transfer", "decline_transfer", "co_done", "report", "approve", "reject", "reopen",
    "return_to_dispatch", "form_group", "report_situation", "change_first_contact",
}  # fmt: skip
PRESSED = {"remind", "escalate"}
"""Told when a person does it. What a missed limit does so is told by the ladder of that limit."""


def colleagues_of_events(events: Sequence[TicketEvent]) -> None:
    """Nothing for imported history or before a case has its number; nobody is told of what they did themselves. Two to
    four queries, none otherwise."""
    notices.add(rows_of_events(events))


def rows_of_events(events: Sequence[TicketEvent]) -> list[Notice]:
    """The same, unsaved."""
    rows: list[Notice] = []
    for event in events:
        if is_told(event) and event.ticket.number and not event.data.get("imported"):
            rows += told(event)
    return rows


def is_told(event: TicketEvent) -> bool:
    return event.kind in TOLD or (event.kind in PRESSED and event.actor_id is not None)


def told(event: TicketEvent) -> list[Notice]:
    ticket, data = event.ticket, event.data
    context: dict[str, Any] = {"what": event.kind, "subject": ticket.subject, "round": event.round}
    context |= {name: str(data.get(name) or "") for name in ("reason", "text", "task", "gate", "next", "passed")}
    people = {user.pk: (user, context | {"what": "reopen_followed"}) for user in follows(event)}
    people |= {user.pk: (user, context) for user in concerned(event)}
    called = [user for user, _said in people.values()] if event.kind == "form_group" and event.actor_id is None else []
    flooded = floods.told_enough(called, "work", event.at, what="form_group")
    major = ticket.tier == "L1"
    rows: list[Notice] = []
    for user, said in people.values():
        if user.is_active and user.pk != event.actor_id:
            of_case = {"kind": "work", "key": f"work:{event.pk}", "topic": ticket.number or "", "context": said}
            telling = floods.rest_waits("major", event.at) if user.pk in flooded else of_case
            rows += notices.to_user(user, at=event.at, urgent=major, by_mail=major, **telling)
    return rows


def follows(event: TicketEvent) -> Iterable[User]:
    """Another round goes to somebody else; the first contact follows the case to its end, so hears that it began (A4.2)."""
    person = event.ticket.first_contact if event.kind == "reopen" else None
    return [person] if person is not None else []


def concerned(event: TicketEvent) -> Iterable[User]:
    """Who has to do something because of it, or waited for it."""
    ticket, data = event.ticket, event.data
    kind = event.kind
    if kind in {"assign", "reopen", "co_assign", "transfer"}:
        if kind in {"assign", "reopen"} and ticket.owner is not None:
            return [ticket.owner]
        return named(data.get("owner"), data.get("department"))
    if kind in {"reject", "co_done", "decline_transfer"}:
        return [ticket.owner] if ticket.owner else []
    if kind in {"report", "approve"}:
        if data.get("next"):
            reporter = event.actor_id if kind == "report" else None
            return deciders(data["next"], ticket, {ticket.owner_id, reporter}, data.get("handled", ()))
        return [ticket.owner] if ticket.owner and data.get("passed") else []
    if kind == "return_to_dispatch":
        return of_roles(Role.OFFICE)
    if kind == "remind":
        return pressed(ticket)
    if kind == "escalate":
        return of_level(ticket)
    if kind == "change_first_contact":
        return User.objects.filter(pk=ticket.first_contact_id)
    if kind == "form_group":
        usernames = [data["leader"], *data["members"]]
        people = User.objects.active().with_role(Role.LEADER).filter(is_absent=False)
        return (people | User.objects.filter(username__in=usernames)).order_by("pk")
    return of_roles(Role.LEADER)


def pressed(ticket: Ticket) -> Iterable[User]:
    """催办 reaches who answers for the case, and its first contact, who hears every warning (A4.2)."""
    department = ticket.department
    head = department.head_id if department else None
    keys = {ticket.owner_id or head, ticket.first_contact_id} - {None}
    return User.objects.filter(pk__in=keys) if ticket.owner_id or head else [*keyed(keys), *of_roles(Role.OFFICE)]


def keyed(keys: set[int | None]) -> list[User]:
    return list(User.objects.filter(pk__in=keys)) if keys else []


def of_level(ticket: Ticket) -> Iterable[User]:
    """Those to whom a case went up. A department without a head has the office above it."""
    head = ticket.department.head if ticket.department else None
    if ticket.level <= Level.HEAD and head is not None and head.is_active:
        return [head]
    return of_roles(Role.LEADER if ticket.level == Level.LEADERSHIP else Role.OFFICE)


def named(username: str | None, department: str | None) -> list[User]:
    if username:
        return list(User.objects.filter(username=username))
    return list(User.objects.filter(headed_departments__code=department))


def of_roles(*roles: str) -> Iterable[User]:
    return User.objects.active().with_role(*roles).filter(is_absent=False).order_by("pk")


def deciders(gate: str, ticket: Ticket, handled: set[int | None], had: Container[str]) -> list[User]:
    """Who may decide it, as `reviewing.why_not` has it: in the place of a head who handled the case the office. None of
    `handled`, by key, nor of those who `had` the case before, by user name."""
    department = ticket.department
    head = department.head if department else None
    if (
        gate == Gate.HEAD
        and head is not None
        and head.is_active
        and head.pk not in handled
        and head.username not in had
    ):
        return [head]
    if gate == Gate.LEADERSHIP:
        roles = [Role.LEADER]
    else:
        roles = [Role.OFFICE, Role.LEADER] if department is not None and department.is_office else [Role.OFFICE]
    return [user for user in of_roles(*roles) if user.pk not in handled and user.username not in had]
