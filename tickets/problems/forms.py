"""One answer to a common problem, and the draft of one case (C5.2)."""

from django import forms
from django.utils.translation import gettext_lazy

from common.form_fields import TextField
from tickets.answers.ways import VIA


class AnswerForm(forms.Form):
    text = TextField(
        label=gettext_lazy("Answer"), widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Each customer gets it from whoever handles the case, after they have confirmed it."),
    )  # fmt: skip


class DraftForm(forms.Form):
    text = TextField(label=gettext_lazy("Text"), required=False)
    via = forms.ChoiceField(choices=list(VIA.items()), required=False)
    version = forms.IntegerField(min_value=1)
