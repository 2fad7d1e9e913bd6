"""Who may judge the handling of a case: nobody who had a part in it, nor whose department had (A6.1)."""

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models import Ticket

Rows = TypeVar("Rows", bound=QuerySet)
RECORDS = {"hold", "hold_lifted", "kept_longer", "erase"}
"""Events of the archive: whoever decides there has no part in the handling."""


def impartial(rows: Rows, user: "User") -> Rows:
    """Those of `rows`, each with a `ticket`, in whose case the user had no part: owned, first received, dealt out or
    moved by neither the user nor, as a part, the user's department. No query of its own.
    """
    from tickets.models import Assignment, TicketEvent

    parts = Assignment.objects.filter(ticket=OuterRef("ticket"))
    mine = Q(owner=user) | Q(assigned_by=user)
    if user.department_id:
        mine |= Q(department=user.department_id)
    acted = TicketEvent.objects.filter(ticket=OuterRef("ticket"), actor=user).exclude(kind__in=RECORDS)
    return rows.exclude(Q(ticket__owner=user) | Q(ticket__first_contact=user)).exclude(
        Exists(parts.filter(mine)) | Exists(acted)
    )


def has_part(ticket: "Ticket", user: "User") -> bool:
    """The same for one case. Three queries at most."""
    if user.pk in {ticket.owner_id, ticket.first_contact_id}:
        return True
    mine = Q(owner=user) | Q(assigned_by=user)
    if user.department_id:
        mine |= Q(department=user.department_id)
    if ticket.assignments.filter(mine).exists():
        return True
    return ticket.events.filter(actor=user).exclude(kind__in=RECORDS).exists()
