from django import forms
from django.utils.translation import gettext_lazy as _

from common.text import clean
from tickets.workflow import Rating


class AnswerForm(forms.Form):
    """One choice, and room to say why."""

    rating = forms.ChoiceField(
        label=_("Did our answer help?"), choices=Rating, widget=forms.RadioSelect, error_messages={
            "required": _("Choose one of the three answers.")
        }
    )  # fmt: skip
    comment = forms.CharField(
        label=_("What should we know?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_comment(self) -> str:
        return clean(self.cleaned_data["comment"]).strip()
