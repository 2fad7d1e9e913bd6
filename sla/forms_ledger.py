"""The forms of the ledger: what is shown, and what is decided."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from common.form_fields import TextField, day_picker
from sla.models import Accountability, Metric

Outcome, Grade = Accountability.Outcome, Accountability.Grade


class LedgerFilter(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), required=False)
    metric = forms.ChoiceField(label=_("Limit"), required=False)
    department = forms.ModelChoiceField(
        Department.objects.all(), label=_("Department"), required=False, to_field_name="code", empty_label=_("All")
    )
    person = forms.CharField(label=_("Person"), required=False, max_length=150)
    since = forms.DateField(label=_("From"), required=False, widget=day_picker())
    until = forms.DateField(label=_("To"), required=False, widget=day_picker())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["outcome"].choices = [("", _("All")), *Outcome.choices, ("objected", _("Objection undecided"))]
        self.fields["metric"].choices = [("", _("All")), *Metric.choices]


class SaidForm(forms.Form):
    text = TextField(label=_("Grounds"), max_length=500)


class DecisionForm(SaidForm):
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(Outcome.CONFIRMED, Outcome.CONFIRMED.label), (Outcome.EXCUSED, Outcome.EXCUSED.label)],
        widget=forms.RadioSelect,
    )
    grade = forms.ChoiceField(label=_("Grade"), required=False, choices=[("", _("None")), *Grade.choices])
    field_order = ["outcome", "grade", "text"]


class ObjectionForm(SaidForm):
    text = TextField(label=_("Objection"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
