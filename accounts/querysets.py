from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, cast

from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Q

from accounts.roles import Role

if TYPE_CHECKING:
    from accounts.models import Department, User


class DepartmentQuerySet(models.QuerySet["Department"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def under(self, *departments: "Department") -> Self:
        """The departments themselves and everything below them."""
        reach = Q(pk__in=[])
        for department in departments:
            reach |= Q(path__startswith=department.path)
        return self.filter(reach)


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True, is_app=False)

    def with_role(self, *roles: str) -> Self:
        return self.filter(roles__overlap=list(roles))


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_superuser(self, username: str, *args: Any, **fields: Any) -> "User":
        """The first person of a new installation (`createsuperuser`): without the role they could open no page of ours."""
        fields.setdefault("roles", [Role.ADMIN])
        return cast("User", super().create_superuser(username, *args, **fields))


class TokenQuerySet(models.QuerySet):
    def valid(self, at: datetime) -> Self:
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=at),
            revoked_at=None,
            user__is_active=True,
        )
