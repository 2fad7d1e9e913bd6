"""What a reader chooses on the pages of figures and reports."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from common.form_fields import TextField, day_picker
from reports import periods
from reports.definitions import DEFINITIONS, HOUR
from reports.models import Report
from reports.targets import WITH_TARGET, Targets

BY = {
    "department": _("Department"),
    "category": _("Category"),
    "channel": _("Channel"),
    "nature": _("Nature"),
    "tier": _("Tier"),
    "region": _("Province"),
    "city": _("City"),
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
        widget=day_picker(),
    )
    by = forms.ChoiceField(label=_("Split by"), choices=list(BY.items()), required=False)

    def period(self, today: date) -> periods.Period:
        """What was chosen; the current month where nothing readable was."""
        chosen: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        return periods.containing(chosen.get("day") or today, chosen.get("kind") or "month")


class BuildForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Report.Kind)
    day = forms.DateField(label=_("A day in it"), validators=IN_RANGE, widget=day_picker())


class ConclusionsForm(forms.Form):
    text = TextField(
        label=_("Conclusions and recommendations"),
        help_text=_("One conclusion a line; the lines are numbered."),
        widget=forms.Textarea(attrs={"rows": 10}),
    )


SHOWN_AS = {
    "rate": (100, _("%(name)s, per cent")),
    "time": (1 / HOUR, _("%(name)s, working hours")),
    "count": (1, "%(name)s"),
}


class TargetsForm(forms.Form):
    """A field a figure, in the unit that people read; an empty one means that the figure has no target."""

    def __init__(self, *args: Any, current: Targets, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in WITH_TARGET:
            definition, value = DEFINITIONS[code], current[code]
            factor, label = SHOWN_AS[definition.unit]
            self.fields[code] = forms.FloatField(
                label=label % {"name": definition.name},
                help_text=_("At least") if definition.better == "up" else _("At most"),
                required=False,
                min_value=0,
                max_value=100 if definition.unit == "rate" else 100_000,
                initial=None if value is None else _plain(value * factor),
                widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
            )

    def targets(self) -> Targets:
        told: Targets = {}
        for code, value in self.cleaned_data.items():
            factor = SHOWN_AS[DEFINITIONS[code].unit][0]
            told[code] = None if value is None else round(value / factor, 6)
        return told


def _plain(value: float) -> float | int:
    """95 instead of 95.0, 4.5 instead of 4.500000001."""
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded
