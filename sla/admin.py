"""Policies and calendars as rows; their limits and days have pages of their own (`/sla/`)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.settings_pages import Settings, column
from sla.models import Calendar, SlaPolicy
from sla.templatetags.sla_words import conditions
from tickets.channels import Channel
from tickets.models import Category
from tickets.workflow import Nature, Tier

FIELDS = {"tier": Tier.choices, "nature": Nature.choices, "channel": Channel.choices}


class PolicyForm(forms.ModelForm):
    """Which cases a policy is for, ticked; what this form does not know of a match is kept."""

    class Meta:
        model = SlaPolicy
        fields = ("code", "name", "name_en", "position", "is_default", "active_from", "active_to")
        labels = {
            "position": _("position"), "is_default": _("default"), "active_from": _("in force from"),
            "active_to": _("in force until"),
        }  # fmt: skip
        help_texts = {
            "position": _("The first policy by these numbers that fits a case holds."),
            "is_default": _("For cases that no other policy fits; only one can be it."),
        }

    tier = forms.MultipleChoiceField(label=_("tier"), choices=Tier.choices)
    nature = forms.MultipleChoiceField(label=_("nature"), choices=Nature.choices)
    channel = forms.MultipleChoiceField(label=_("channel"), choices=Channel.choices)
    category = forms.MultipleChoiceField(label=_("category"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["category"].choices = [(row.code, str(row)) for row in Category.objects.all()]
        for name in (*FIELDS, "category"):
            self.fields[name].required = False
            self.fields[name].widget = forms.CheckboxSelectMultiple(choices=self.fields[name].choices)
            self.fields[name].help_text = _("None ticked: all of them.")
            self.initial[name] = self.instance.match.get(name, [])

    def save(self, commit: bool = True) -> SlaPolicy:
        match = {name: values for name, values in self.instance.match.items() if name not in (*FIELDS, "category")}
        match |= {name: self.cleaned_data[name] for name in (*FIELDS, "category") if self.cleaned_data[name]}
        self.instance.match = match
        return super().save(commit)


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
        (_("Which cases"), {"fields": ("tier", "nature", "channel", "category")}),
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
