from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.roles import Role

if TYPE_CHECKING:
    from accounts.models import User


CASE_VOID = "void"  # why a clock ends with its whole case


class ClockQuerySet(models.QuerySet):
    def active(self) -> Self:
        """Not yet answered: running, paused, or missed and still unanswered."""
        return self.filter(Q(state__in=["running", "paused"]) | Q(state="missed", stopped_at=None))

    def running(self) -> Self:
        return self.filter(state__in=["running", "paused"])

    def decided(self, start: datetime, end: datetime) -> Self:
        return self.filter(decided_at__gte=start, decided_at__lt=end)

    def and_whether_the_case_ended_them(self) -> Self:
        """With `with_its_case`: ended because the case was declared void or merged, not by what it was a limit for."""
        events = apps.get_model("sla", "ClockEvent").objects
        ends = events.filter(clock=OuterRef("pk"), at=OuterRef("stopped_at"), kind="void", reason=CASE_VOID)
        return self.annotate(with_its_case=Exists(ends))


class DueItemQuerySet(models.QuerySet):
    def due(self, at: datetime) -> Self:
        return self.filter(fired_at=None, fire_at__lte=at).order_by("fire_at", "pk")


class AccountabilityQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Office, auditors and leadership see all; a head those of the departments led; everybody their own."""
        if user.has_role(Role.OFFICE, Role.AUDITOR, Role.LEADER):
            return self
        mine = Q(person=user)
        if user.has_role(Role.HEAD):
            mine |= Q(department__head=user) | Q(department=user.department_id, department__isnull=False)
        return self.filter(mine)
