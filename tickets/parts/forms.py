"""Forms for cases in several hands: co-departments and handing over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.form_fields import MomentField, TextField
from tickets.forms import MoveForm


class DepartmentForm(MoveForm):
    """A form that names a department, and perhaps a person of it."""

    empty_owner: Any = _("The department decides")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"].choices = self.offer.department_choices()
        if "owner" in self.fields:
            self.fields["owner"].choices = self.offer.people_choices(self.empty_owner)

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        if "department" in given:
            given["department"] = self.offer.departments[given["department"]]
        if "owner" in given:
            given["owner"] = self.offer.people[given["owner"]]
        return given


class CoAssignForm(DepartmentForm):
    department = forms.ChoiceField(label=_("Department"))
    task = TextField(label=_("What it is asked to do"), max_length=2000)
    owner = forms.ChoiceField(label=_("Person"), required=False)
    limit = MomentField(label=_("To be done by"), required=False)


class TransferForm(DepartmentForm):
    department = forms.ChoiceField(label=_("Department"))
    owner = forms.ChoiceField(label=_("Person"), required=False)
    reason = TextField(label=_("Reason"), max_length=500)


class CoDoneForm(MoveForm):
    takes_files = True
    text = TextField(label=_("Result of our part"), max_length=5000)


class CoWaiveForm(DepartmentForm):
    department = forms.ChoiceField(label=_("Department"))
    reason = TextField(label=_("Reason"), max_length=500)
