"""The forms of the ledger: what is shown, and what is decided."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from common.text import clean
from common.validators import validate_visible
from sla.models import Accountability, Metric

Outcome, Grade = Accountability.Outcome, Accountability.Grade


class LedgerFilter(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), required=False)
    metric = forms.ChoiceField(label=_("Limit"), required=False)
    department = forms.ModelChoiceField(
        Department.objects.all(), label=_("Department"), required=False, to_field_name="code", empty_label=_("All")
    )
    person = forms.CharField(label=_("Person"), required=False, max_length=150)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["outcome"].choices = [("", _("All")), *Outcome.choices, ("objected", _("Objection undecided"))]
        self.fields["metric"].choices = [("", _("All")), *Metric.choices]


class SaidForm(forms.Form):
    text = forms.CharField(
        label=_("Grounds"), max_length=500, validators=[validate_visible], widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_text(self) -> str:
        return clean(self.cleaned_data["text"])


class DecisionForm(SaidForm):
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(Outcome.CONFIRMED, Outcome.CONFIRMED.label), (Outcome.EXCUSED, Outcome.EXCUSED.label)],
        widget=forms.RadioSelect,
    )
    grade = forms.ChoiceField(label=_("Grade"), required=False, choices=[("", _("None")), *Grade.choices])
    field_order = ["outcome", "grade", "text"]


class ObjectionForm(SaidForm):
    text = forms.CharField(
        label=_("Objection"), max_length=1000, validators=[validate_visible], widget=forms.Textarea(attrs={"rows": 4})
    )
