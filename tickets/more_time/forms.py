"""Forms for asking more time and for promising an answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.form_fields import MomentField, TextField
from tickets.answers import by_sms, ways
from tickets.channels import SMS
from tickets.forms import MoveForm


class ExtendForm(MoveForm):
    new_due = MomentField(label=_("New due time"))
    reason = TextField(label=_("Reason"), max_length=500, help_text=_("The customer reads it when it is granted."))


class DecideExtensionForm(MoveForm):
    granted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Grant")), ("no", _("Refuse"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = TextField(label=_("Explanation"), required=False, max_length=500)


class PromiseForm(MoveForm):
    answer_by = MomentField(label=_("Answer by"))
    message = TextField(label=_("Message to the customer"))
    via = forms.ChoiceField(label=_("By"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        by_phone = [(SMS, _("SMS"))] if by_sms.offered(self.ticket, self.offer.settings, "promised") else []
        self.fields["via"].choices = [*ways.offered(self.ticket), *by_phone]
        self.initial.setdefault("via", ways.usual(self.ticket))
