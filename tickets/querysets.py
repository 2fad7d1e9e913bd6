from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from accounts.roles import SEES_ALL_TICKETS, Role, any_of
from tickets import workflow

if TYPE_CHECKING:
    from accounts.models import User


class TicketQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """The only way pages, API, search, exports and reports obtain tickets (`product.md`, roles).

        At most one extra query, for the departments below those that a head leads.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if any_of(user.roles, SEES_ALL_TICKETS):
            return self
        reach = Q(pk__in=[])
        if user.has_role(Role.LEADER):
            reach |= Q(tier=workflow.Tier.L1)
        if user.has_role(Role.AGENT):
            reach |= Q(first_contact=user) | Q(owner=user) | Q(department=None)
        if user.has_role(Role.AGENT, Role.HANDLER) and user.department_id:
            reach |= Q(departments__contains=[user.department_id])
        if user.has_role(Role.HEAD):
            reach |= Q(departments__overlap=_led_by(user))
        return self.filter(reach)

    def open(self) -> Self:
        return self.filter(status__in=workflow.UNANSWERED)

    def counted(self) -> Self:
        """What figures count: everything but void tickets (`kpis.md`)."""
        return self.exclude(status=workflow.Status.VOID)

    def overdue(self, at: datetime) -> Self:
        """Open with a limit behind it, whether or not the sweep has noticed."""
        return self.open().filter(next_due_at__lte=at)

    def due_soon(self, at: datetime) -> Self:
        return self.open().filter(next_due_at__gt=at, soon_at__lte=at)

    def on_time(self, at: datetime) -> Self:
        return self.open().filter(next_due_at__gt=at).exclude(soon_at__lte=at)

    def paused(self) -> Self:
        return self.open().filter(next_due_at=None)

    def by_urgency(self) -> Self:
        """The queue's order: what is due first comes first, paused last."""
        return self.order_by("next_due_at", "pk")

    def for_list(self) -> Self:
        return self.select_related("department", "owner", "region", "customer", "category")


def _led_by(user: "User") -> list[int]:
    from accounts.models import Department

    led = list(Department.objects.filter(Q(head=user) | Q(pk=user.department_id)).distinct())
    return list(Department.objects.under(*led).values_list("pk", flat=True))


class EventQuerySet(models.QuerySet):
    def in_order(self) -> Self:
        return self.order_by("at", "pk")
