"""The views that everybody has of the queue: open, overdue, due today, mine and so on; and what each holds now."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Value
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets.querysets import TicketQuerySet
from tickets.workflow import Status

CAP = 99
KEPT = "counted_views"  # on the request


@dataclass(frozen=True)
class SavedView:
    code: str
    label: Any
    narrow: Callable[[TicketQuerySet, User, datetime], TicketQuerySet]
    ordering: str = "due"
    counted: bool = True
    hot: bool = False
    roles: frozenset[str] = frozenset()  # empty: everybody's


def end_of_day(at: datetime) -> datetime:
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def due_today(tickets: TicketQuerySet, user: User, at: datetime) -> TicketQuerySet:
    return tickets.open().filter(next_due_at__gt=at, next_due_at__lt=end_of_day(at))


_WORKING = frozenset({Role.AGENT, Role.HANDLER, Role.HEAD, Role.OFFICE})
VIEWS = {
    view.code: view
    for view in (
        SavedView("open", _("All open"), lambda tickets, user, at: tickets.open()),
        SavedView("overdue", _("Overdue"), lambda tickets, user, at: tickets.overdue(at), hot=True),
        SavedView("today", _("Due today"), due_today),
        SavedView(
            "first", _("My first contact"), lambda tickets, user, at: tickets.open().filter(first_contact=user),
            roles=_WORKING,
        ),
        SavedView(
            "mine", _("Mine"), lambda tickets, user, at: tickets.open().filter(owner=user),
            roles=_WORKING | {Role.LEADER},
        ),
        SavedView(
            "unassigned", _("To be assigned"), lambda tickets, user, at: tickets.filter(status=Status.NEW),
            roles=frozenset({Role.AGENT, Role.OFFICE}),
        ),
        SavedView(
            "review", _("Manual review"), lambda tickets, user, at: tickets.open().filter(needs_review=True),
            roles=frozenset({Role.AGENT, Role.OFFICE}),
        ),
        SavedView(
            "resolved", _("Resolved"), lambda tickets, user, at: tickets.filter(status=Status.RESOLVED),
            ordering="-received", counted=False,
        ),
        SavedView("all", _("All"), lambda tickets, user, at: tickets, ordering="-received", counted=False),
    )
}  # fmt: skip


def offered_to(user: User) -> list[SavedView]:
    return [view for view in VIEWS.values() if not view.roles or not view.roles.isdisjoint(user.roles)]


def counts(views: list[SavedView], tickets: TicketQuerySet, user: User, at: datetime) -> dict[str, int]:
    """How many each view holds, up to `CAP` + 1; one query for all, which never counts further than that."""
    halves = [
        view.narrow(tickets, user, at).order_by().annotate(view=Value(view.code)).values_list("view")[: CAP + 1]
        for view in views
    ]
    if not halves:
        return {}
    first, *rest = halves
    found = first.union(*rest, all=True) if rest else first
    return Counter(code for (code,) in found)


def counted(views: list[SavedView], tickets: TicketQuerySet, request: HttpRequest, at: datetime) -> dict[str, int]:
    """The same for who asks, kept with the request: the rail of the page shows two of them and does not count again."""
    found = counts(views, tickets, request.user, at)
    known = {view.code: found.get(view.code, 0) for view in views}
    vars(request)[KEPT] = known
    return known


def known_of(request: HttpRequest) -> dict[str, int]:
    """What the page has counted already."""
    return vars(request).get(KEPT, {})
