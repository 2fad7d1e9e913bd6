"""What an administrator fills in for other systems."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.validators import validate_visible
from feedback.webhooks.telling import KINDS
from notices import outgoing
from notices.models import Webhook
from tickets.workflow import MOVES


def kinds() -> list[tuple[str, Any]]:
    """Every event that can be told, with its name."""
    return [(kind, MOVES[kind].label if kind in MOVES else _("Limit missed")) for kind in KINDS]


class WebhookForm(forms.ModelForm):
    name = forms.CharField(label=_("What it is called"), max_length=100, validators=[validate_visible])
    url = forms.CharField(
        label=_("Address"),
        max_length=outgoing.LONGEST,
        help_text=_("http or https, on the public internet."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        choices=kinds,
        required=False,
        help_text=_("None ticked means all."),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Webhook
        fields = ("name", "url", "events", "is_active")
        labels = {"is_active": _("Send")}

    def clean_url(self) -> str:
        try:
            outgoing.check(self.cleaned_data["url"])
        except outgoing.AddressRefused as refused:
            raise ValidationError(str(refused)) from None
        return str(self.cleaned_data["url"])

    def clean_events(self) -> list[str]:
        return sorted(self.cleaned_data["events"])
