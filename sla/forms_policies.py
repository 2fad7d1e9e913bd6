"""A policy and the cases it is for: its own fields, and its conditions ticked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from common.form_fields import moment_picker
from sla.models import SlaPolicy
from tickets.dispatch.forms_conditions import ConditionsForm
from tickets.workflow import Tier


class PolicyForm(ConditionsForm):
    ticked = ("tier", "nature", "channel", "category", "department")
    reserved = {"new", "apply"}

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
    department = forms.MultipleChoiceField(label=_("department"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("active_from", "active_to"):
            if isinstance(self.fields[name], forms.DateTimeField):  # the administration has two fields for it
                self.fields[name].widget = moment_picker()

    def offer(self, held: dict[str, list[str]]) -> None:
        self.fields["department"].choices = [
            (row.code, str(row)) for row in Department.objects.all() if row.is_active or row.code in held.get("department", [])
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begin, end = data.get("active_from"), data.get("active_to")
        if begin and end and end <= begin:
            self.add_error("active_to", _("The end lies before the beginning."))
        if not self.errors and not data.get("is_default") and not self.match():
            self.add_error(None, _("Say which cases this policy is for, or make it the default; else it fits none."))
        return data


class NewPolicyForm(PolicyForm):
    """A policy begins with the limits of another one."""

    like = forms.ModelChoiceField(SlaPolicy.objects.none(), label=_("Limits as in"), to_field_name="code")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["like"].queryset = SlaPolicy.objects.order_by("-is_default", "position")
        self.fields["like"].empty_label = None

    def save(self, commit: bool = True) -> SlaPolicy:
        policy = super().save(commit)
        for target in self.cleaned_data["like"].targets.all():
            target.pk, target._state.adding, target.policy = None, True, policy
            target.save()
        return policy
