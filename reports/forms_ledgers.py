"""Which ledger is looked at, and what narrows it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Department
from common.form_fields import day_picker
from reports import ledgers, periods
from reports.forms import IN_RANGE
from tickets.channels import Channel
from tickets.models import Category
from tickets.workflow import UNANSWERED, Status

OPEN = "open"


ENDS = [(status.value, status.label) for status in Status if status not in UNANSWERED]


def _day(label: Any) -> forms.DateField:
    widget = day_picker()
    return forms.DateField(label=label, required=False, validators=IN_RANGE, widget=widget)


def _choice(label: Any, choices: list[Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", gettext_lazy("All")), *choices])


class LedgerForm(forms.Form):
    """Which ledger; this month unless days are given. Both days count."""

    kind = forms.ChoiceField(label=gettext_lazy("Ledger"), choices=list(ledgers.KINDS.items()))
    since = _day(gettext_lazy("Received from"))
    until = _day(gettext_lazy("Received until"))
    category = forms.ModelChoiceField(
        Category.objects.all(), label=gettext_lazy("Category"), required=False, empty_label=gettext_lazy("All")
    )
    department = forms.ModelChoiceField(
        Department.objects.all(), label=gettext_lazy("Department"), required=False, empty_label=gettext_lazy("All")
    )
    channel = _choice(gettext_lazy("Channel"), Channel.choices)
    state = _choice(gettext_lazy("State"), [(OPEN, gettext_lazy("Open")), *ENDS])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        return given

    @property
    def kind_chosen(self) -> str:
        return (self.cleaned_data.get("kind") if self.is_valid() else "") or next(iter(ledgers.KINDS))

    @property
    def narrowing(self) -> dict[str, Any]:
        given = self.cleaned_data
        asked = {name: given[name] for name in ("category", "department", "channel") if given.get(name)}
        if state := given.get("state"):
            asked["status__in"] = sorted(UNANSWERED) if state == OPEN else [state]
        return asked

    @property
    def period(self) -> periods.Period:
        given = self.cleaned_data if self.is_valid() else {}
        month = periods.containing(timezone.localdate(), "month")
        since, until = given.get("since"), given.get("until")
        start = periods.midnight(since) if since else month.start
        end = periods.midnight(until + timedelta(days=1)) if until else max(month.end, start + timedelta(days=1))
        return periods.Period(min(start, end - timedelta(days=1)), end)
