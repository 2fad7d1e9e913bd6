"""What every page of the administration shares: who may open it, and columns with translated heads."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db.models import Field
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role


def may_set(request: HttpRequest) -> bool:
    user: Any = request.user
    return user.is_active and user.is_staff and (user.is_superuser or user.has_role(Role.ADMIN))


class Settings(admin.ModelAdmin):
    """Open to the role of administrator, without Django's own table of permissions."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_set(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_set(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_set(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_set(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what history names stays: it is made inactive

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest | None, **kwargs: Any) -> Any:
        if db_field.name == "position":  # named alike wherever a list has an order of its own
            kwargs.setdefault("label", _("position"))
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class ReadOnly(Settings):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def on_record(row: Any, *, by: User, changed: Sequence[str], new: bool) -> None:
    """Who changed which setting on a page of its own, beside what the administration records."""
    flag = ADDITION if new else CHANGE
    LogEntry.objects.log_actions(by.pk, [row], flag, change_message=", ".join(changed), single_object=True)


def column(name: str, label: Any, *, boolean: bool = False) -> Callable[[Any], Any]:
    """A column of a list, by the name of the field, with a head of its own."""

    @admin.display(description=label, ordering=name, boolean=boolean)
    def shown(row: Any) -> Any:
        display = getattr(row, f"get_{name}_display", None)
        return display() if display else getattr(row, name)

    return shown
