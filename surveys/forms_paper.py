"""Entering a printed questionnaire by its digits, and making one."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.form_fields import day_picker
from common.text import clean, one_line
from common.validators import other_than
from surveys.models_paper import Question, Questionnaire
from surveys.sheet_codes import read

_DIGIT = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "1", "size": "1"}
LONGEST = 5000


class CodeForm(forms.Form):
    """The sheet in hand: typed, or read from its QR code by a scanner that types the address."""

    code = forms.CharField(
        label=_("Code of the sheet"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Typed, or scanned."),
    )  # fmt: skip

    def clean_code(self) -> str:
        try:
            return read(self.cleaned_data["code"])
        except ValueError:
            raise ValidationError(_("No sheet has this code. Please compare it with the paper.")) from None


class SheetForm(forms.Form):
    """One field a question, in the order of the paper, then what the sender wrote of themselves."""

    def __init__(self, *args: Any, questionnaire: Questionnaire, **options: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **options)
        for number, question in enumerate(questionnaire.questions.all(), start=1):
            self.fields[question.code] = field_of(question, number)
        self.fields["name"] = forms.CharField(label=_("Name"), required=False, max_length=100)
        self.fields["phone"] = forms.CharField(label=_("Telephone"), required=False, max_length=40)
        self.fields["collected_on"] = forms.DateField(label=_("Collected on"), required=False, widget=day_picker())

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])

    def clean_phone(self) -> str:
        return one_line(self.cleaned_data["phone"])

    def clean_collected_on(self) -> str:
        day, today = self.cleaned_data["collected_on"], timezone.localdate()
        if day and not today - timedelta(days=366) <= day <= today:
            raise ValidationError(_("A day of the last year, at latest today."))
        return day.isoformat() if day else ""

    def clean(self) -> dict[str, Any]:
        for name, value in self.cleaned_data.items():
            if isinstance(value, str):
                self.cleaned_data[name] = clean(value).strip()
        return self.cleaned_data


def field_of(question: Question, number: int) -> forms.Field:
    label = f"{number}. {question.local_name}"
    if question.kind == Question.Kind.TEXT:
        return forms.CharField(
            label=label, required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
        )
    told = "1–5" if question.kind == Question.Kind.RATING else options_told(question)
    wrong = _("A whole number from 1 to %(most)s.") % {"most": question.highest}
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=question.highest, help_text=told,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
        widget=forms.TextInput(attrs=_DIGIT),
    )  # fmt: skip


def options_told(question: Question) -> str:
    return " · ".join(f"{number} {name}" for number, name in enumerate(question.local_options, start=1))


class NewForm(forms.ModelForm):
    class Meta:
        model = Questionnaire
        fields = ["code", "name", "name_en"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].validators.append(other_than("entry", "sheets"))


class PrintForm(forms.Form):
    count = forms.IntegerField(label=_("How many sheets"), min_value=1, max_value=500)


class QuestionForm(forms.Form):
    """One question of a questionnaire that is not printed yet. Empty is none."""

    code = forms.SlugField(label=_("Code"), required=False, max_length=20)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=Question.Kind.choices)
    name = forms.CharField(label=_("Question"), required=False, max_length=100)
    name_en = forms.CharField(label=_("Question in English"), required=False, max_length=100)
    options = forms.CharField(
        label=_("Options, one a line"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    options_en = forms.CharField(
        label=_("Options in English"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_options(self) -> list[str]:
        return lines(self.cleaned_data["options"])

    def clean_options_en(self) -> list[str]:
        return lines(self.cleaned_data["options_en"])

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        if not fields.get("name"):
            return fields
        if not fields.get("code"):
            self.add_error("code", _("A short code of letters and digits, such as speed."))
        elif fields["code"] in {"name", "phone", "collected_on", "csrfmiddlewaretoken", "code", "enter"}:
            self.add_error("code", _("This code is taken by a field of the sheet."))
        if fields.get("kind") == Question.Kind.CHOICE:
            if not 2 <= len(fields.get("options") or []) <= 9:
                self.add_error("options", _("From 2 to 9 options, so that one digit codes them."))
            elif fields.get("options_en") and len(fields["options_en"]) != len(fields["options"]):
                self.add_error("options_en", _("As many options as in Chinese, or none."))
        else:
            fields["options"] = fields["options_en"] = []
        return fields


def lines(text: str) -> list[str]:
    return [line[:60] for line in map(one_line, text.splitlines()) if line]


QuestionFormSet = forms.formset_factory(QuestionForm, extra=2, max_num=20, absolute_max=20)


def questions_of(formset: Any) -> list[Question]:
    """The rows that are a question, in the order of the page. A code given twice becomes an error of its row."""
    found: list[Question] = []
    for form in formset.forms:
        fields = form.cleaned_data
        if not fields.get("name"):
            continue
        if fields["code"] in {one.code for one in found}:
            form.add_error("code", _("Another question has this code."))
            continue
        found.append(Question(**fields))
    return found
