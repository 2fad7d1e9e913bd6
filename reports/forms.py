"""What a reader chooses on the pages of figures and reports."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from common.text import clean
from common.validators import validate_visible
from reports import periods
from reports.models import Report

BY = {
    "department": _("Department"),
    "category": _("Category"),
    "channel": _("Channel"),
    "nature": _("Nature"),
    "tier": _("Tier"),
    "region": _("Region"),
    "owner": _("Owner"),
    "first_contact": _("First contact"),
}
IN_RANGE = [MinValueValidator(periods.EARLIEST), MaxValueValidator(periods.LATEST)]
KINDS = {"week": _("Week"), "month": _("Month"), "quarter": _("Quarter"), "year": _("Year")}


class PeriodForm(forms.Form):
    """A calendar period that holds a day, or a free one from `from` to `to`."""

    kind = forms.ChoiceField(label=_("Period"), choices=list(KINDS.items()), required=False)
    day = forms.DateField(
        label=_("A day in it"),
        required=False,
        validators=IN_RANGE,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    by = forms.ChoiceField(label=_("Split by"), choices=list(BY.items()), required=False)

    def period(self, today: date) -> periods.Period:
        """What was chosen; the current month where nothing readable was."""
        chosen: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        return periods.containing(chosen.get("day") or today, chosen.get("kind") or "month")


class BuildForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Report.Kind)
    day = forms.DateField(
        label=_("A day in it"), validators=IN_RANGE, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class ConclusionsForm(forms.Form):
    text = forms.CharField(
        label=_("Conclusions and recommendations"),
        help_text=_("One conclusion a line; the lines are numbered."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        validators=[validate_visible],
    )

    def clean_text(self) -> str:
        return clean(self.cleaned_data["text"])
