"""What auditors write about a complaint about the handling (A6.1)."""

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy

from feedback.appeals.models import Appeal
from feedback.forms import ProseField


class NoteForm(forms.Form):
    text = ProseField(label=gettext_lazy("Note"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=[*BLANK_CHOICE_DASH, *Appeal.Outcome.choices])
    text = ProseField(
        label=gettext_lazy("Answer to the customer"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5})
    )
