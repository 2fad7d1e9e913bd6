from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from accounts.roles import Role
from tickets.handling.impartial import impartial

if TYPE_CHECKING:
    from accounts.models import User


class SampledCaseQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Auditors', but for cases in which they had a part (A6.1)."""
        return impartial(self, user) if user.has_role(Role.AUDITOR) else self.none()


class FindingQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Auditors without a part in the case see them all, leadership too; others those they are to answer."""
        mine = Q(owner=user)
        if user.has_role(Role.HEAD):
            mine |= Q(department__head=user) | Q(department=user.department_id, department__isnull=False)
        if user.has_role(Role.LEADER):
            return self
        if user.has_role(Role.AUDITOR):
            return self.filter(Q(pk__in=impartial(self, user).values("pk")) | mine)
        return self.filter(mine)

    def open(self) -> Self:
        return self.filter(closed_at=None)


class ActionQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Office, auditors, analysts and leadership see all; a head those of the department; everybody their own."""
        if user.has_role(Role.OFFICE, Role.AUDITOR, Role.LEADER, Role.ANALYST):
            return self
        mine = Q(owner=user)
        if user.has_role(Role.HEAD) and user.department_id:
            mine |= Q(owner__department=user.department_id)
        return self.filter(mine)

    def open(self) -> Self:
        return self.filter(done_at=None)
