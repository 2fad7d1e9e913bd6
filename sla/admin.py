"""Policies and calendars as rows; their limits and days have pages of their own (`/sla/`)."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.settings_pages import Settings, column
from sla.forms_policies import PolicyForm
from sla.models import Calendar, SlaPolicy
from sla.templatetags.sla_words import conditions


@admin.register(SlaPolicy)
class PolicyAdmin(Settings):
    form = PolicyForm
    list_display = (
        "code", "local", "fits", column("position", _("position")), column("is_default", _("default"), boolean=True),
        "limits",
    )  # fmt: skip
    search_fields = ("code", "name", "name_en")
    fieldsets = (
        (None, {"fields": PolicyForm.Meta.fields}),
        (_("Which cases"), {"fields": (*PolicyForm.ticked, *PolicyForm.written)}),
    )

    @admin.display(description=_("name"), ordering="name")
    def local(self, row: SlaPolicy) -> str:
        return row.local_name

    @admin.display(description=_("Which cases"))
    def fits(self, row: SlaPolicy) -> str:
        return conditions(row.match) or "—"

    @admin.display(description=_("Limits"))
    def limits(self, row: SlaPolicy) -> str:
        return format_html('<a href="{}">{}</a>', reverse("sla:policy", args=[row.code]), gettext("Edit the limits"))


@admin.register(Calendar)
class CalendarAdmin(Settings):
    list_display = ("code", "local", "zone", "follows_holidays", "known_until", "days")
    fields = ("code", "name", "name_en", "zone", "follows_holidays")
    search_fields = ("code", "name", "name_en")

    @admin.display(description=_("name"), ordering="name")
    def local(self, row: Calendar) -> str:
        return row.local_name

    @admin.display(description=_("Days"))
    def days(self, row: Calendar) -> str:
        return format_html('<a href="{}">{}</a>', reverse("sla:calendar", args=[row.code]), gettext("Edit the days"))

    def has_add_permission(self, request: Any) -> bool:
        return False

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        return ("code", "zone", "follows_holidays")
