"""The forms of supervision and of the meeting."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, User
from common.form_fields import TextField, day_picker
from supervision.models import ANSWERS, Checklist
from supervision.services_samples import MOST
from tickets.workflow import Nature, Tier

WHICH = [
    ("", _("All")), ("rounds", _("Second round and more")), ("dissatisfied", _("Dissatisfied")),
    ("closed", _("Archived")), ("bad_reviews", _("Bad reviews")),
]  # fmt: skip


def said(label: Any, longest: int = 2000, rows: int = 3, *, required: bool = True) -> TextField:
    return TextField(label=label, max_length=longest, required=required, widget=forms.Textarea(attrs={"rows": rows}))


def line(label: Any, longest: int, **options: Any) -> TextField:
    return TextField(label=label, max_length=longest, widget=forms.TextInput, **options)


def day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=day_picker())


class Person(forms.ModelChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(User.objects.active().exclude(department=None), to_field_name="username", **options)

    def label_from_instance(self, obj: Any) -> str:
        return gettext("%(person)s (%(department)s)") % {"person": obj, "department": obj.department}


class DrawForm(forms.Form):
    name = line(_("Name of the sample"), 100)
    checklist = forms.ModelChoiceField(Checklist.objects.filter(is_active=True), label=_("Checklist"))
    start = day(_("Received from"))
    end = day(_("Received until"))
    nature = forms.ChoiceField(label=_("Nature"), required=False, choices=[("", _("All")), *Nature.choices])
    tier = forms.ChoiceField(label=_("Tier"), required=False, choices=[("", _("All")), *Tier.choices])
    department = forms.ModelChoiceField(
        Department.objects.all(), label=_("Department"), required=False, to_field_name="code", empty_label=_("All")
    )
    which = forms.ChoiceField(label=_("Which"), required=False, choices=WHICH)
    size = forms.IntegerField(label=_("How many cases"), min_value=1, max_value=MOST, initial=10)
    seed = line(_("Seed"), 40, required=False, help_text=_("Empty: chosen at random, and recorded."))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("start") and given.get("end") and given["end"] < given["start"]:
            self.add_error("end", _("The last day lies before the first."))
        return given

    def arguments(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        found["department"] = found["department"].code if found["department"] else ""
        return found


class ChooseForm(forms.Form):
    name = line(_("Name of the sample"), 100)
    checklist = forms.ModelChoiceField(Checklist.objects.filter(is_active=True), label=_("Checklist"))
    numbers = said(_("Ticket numbers"), 8000)

    def arguments(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        found["numbers"] = found["numbers"].replace(",", " ").replace("，", " ").replace("、", " ").split()
        return found


class ChecklistForm(forms.ModelForm):
    questions = said(_("What is asked"), 6000, 8)
    questions_en = said(_("Questions in English"), 6000, 8, required=False)

    class Meta:
        model = Checklist
        fields = ("name", "name_en", "questions", "questions_en", "is_active")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("questions", "questions_en"):
            self.initial[name] = "\n".join(getattr(self.instance, name) or [])
            self.fields[name].help_text = _("One a line.")

    def _lines(self, name: str) -> list[str]:
        found = [line.strip()[:200] for line in self.cleaned_data[name].splitlines() if line.strip()]
        if len(found) > 50:
            raise forms.ValidationError(_("At most 50 questions."))
        return found

    def clean_questions(self) -> list[str]:
        return self._lines("questions")

    def clean_questions_en(self) -> list[str]:
        return self._lines("questions_en")


class ReviewForm(forms.Form):
    """A row of choices and a note for every question, then the conclusion."""

    verdict = said(_("Conclusion of the check"))
    called = said(_("What the customer said when called back"), required=False)

    def __init__(self, *args: Any, questions: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.count = len(questions)
        for number, question in enumerate(questions):
            self.fields[f"answer_{number}"] = forms.ChoiceField(
                label=question, choices=ANSWERS, widget=forms.RadioSelect
            )
            self.fields[f"note_{number}"] = line(_("Note"), 500, required=False)

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"answer_{number}"], self[f"note_{number}"]) for number in range(self.count)]

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "answers": [given[f"answer_{number}"] for number in range(self.count)],
            "notes": [given[f"note_{number}"] for number in range(self.count)],
            "verdict": given["verdict"], "called": given["called"],
        }  # fmt: skip


class FindingForm(forms.Form):
    text = said(_("Finding, and what is asked for"))
    owner = Person(label=_("Responsible person"))
    days = forms.IntegerField(label=_("Limit in working days"), min_value=1, max_value=60, initial=5)


class SaidForm(forms.Form):
    text = said(_("Text"))


class JudgeForm(SaidForm):
    days = forms.IntegerField(label=_("Limit in working days"), min_value=1, max_value=60, initial=3, required=False)


class MeetingForm(forms.Form):
    day = day(_("Date"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["day"].initial = timezone.localdate


class MinutesForm(forms.Form):
    chair = line(_("Chair"), 100, required=False)
    present = said(_("Present"), 2000, 2, required=False)
    minutes = said(_("Minutes"), 20000, 10, required=False)


class ActionForm(forms.Form):
    text = line(_("What is to be done"), 500)
    goal = line(_("Goal"), 500, required=False)
    owner = Person(label=_("Responsible person"))
    due_on = day(_("Until"))


class OutcomeForm(forms.Form):
    outcome = said(_("What was achieved"), 1000)
