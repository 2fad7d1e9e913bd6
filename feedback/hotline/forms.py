"""The form of the hotline desk: the register form, filled in while somebody talks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.forms_register import RegisterForm
from feedback.hotline.models import Script
from tickets.channels import Channel

KEPT = (
    "call", "received_at", "nature", "content", "subject", "category", "remedy_sought", "answered_at_once",
    "occurred_at", "place", "province", "region", "anonymous", "name", "phone", "email", "customer_class", "language",
    "consent",
)  # fmt: skip
"""Fields of a draft; what else a browser sends is dropped."""
LONGEST_DRAFT = 20_000


class HotlineForm(RegisterForm):
    channel = forms.CharField(widget=forms.HiddenInput, required=False)
    call = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def clean_channel(self) -> str:
        return Channel.PHONE

    def clean_call(self) -> int | None:
        number = self.cleaned_data["call"]
        return number if number is None or number < 2**63 else None


class ScriptForm(forms.ModelForm):
    class Meta:
        model = Script
        fields = ("text", "text_en")
        widgets = {name: forms.Textarea(attrs={"rows": 10, "maxlength": 5000}) for name in ("text", "text_en")}


class LineForm(forms.Form):
    number = forms.CharField(label=_("My extension"), required=False, max_length=20)

    def clean_number(self) -> Any:
        return self.cleaned_data["number"].strip()
