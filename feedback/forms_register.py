"""The form on which a colleague takes feedback down (A2.2 A4.1 D2)."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import LANGUAGES, Region
from common.form_fields import moment_picker
from feedback.channels.desk import CHANNELS
from feedback.forms import MOMENTS, FeedbackForm, LineField
from tickets.models import Category
from tickets.workflow import Nature

OLDEST = timedelta(days=366)


class RegisterForm(FeedbackForm):
    """The public form, and what only a colleague can say. No contact is demanded: some leave a name alone, or none."""

    website = None  # type: ignore[assignment]
    channel = forms.ChoiceField(
        label=_("How did it come?"), choices=[(one.value, one.label) for one in CHANNELS], widget=forms.RadioSelect
    )
    received_at = forms.DateTimeField(
        label=_("Received at"),
        input_formats=MOMENTS,
        widget=moment_picker(),
        help_text=_("Of a letter, when it arrived. The limits count from here."),
    )
    answered_at_once = forms.BooleanField(label=_("A first answer was given in this conversation"), required=False)
    nature = forms.ChoiceField(
        label=_("Nature"), required=False, choices=[("", _("Decide from the text")), *Nature.choices]
    )  # fmt: skip
    category = forms.ChoiceField(label=_("Category"), required=False)
    subject = LineField(
        label=_("Subject"), required=False, max_length=200, help_text=_("Empty: the first sentence of the text.")
    )
    province = forms.ChoiceField(label=_("Province"), required=False)
    region = forms.ChoiceField(label=_("City"), required=False)
    customer_class = LineField(label=_("Customer class"), required=False, max_length=40)
    language = forms.ChoiceField(label=_("Language of the customer"), choices=LANGUAGES)
    consent = forms.BooleanField(label=_("The customer agrees that we keep the contact and use it"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["content"].label = _("What was said")
        self.fields["anonymous"].label = _("Does the customer leave a contact?")
        self.fields["content"].help_text = _("In the customer's own words where you can.")
        for name, label in (("name", _("Customer's name")), ("occurred_at", _("When did it happen?"))):
            self.fields[name].label = label
        rows = Category.objects.filter(is_active=True)
        self.fields["category"].choices = [("", _("Decide from the text")), *((row.code, str(row)) for row in rows)]
        provinces, cities = places()
        self.fields["province"].choices = [*BLANK_CHOICE_DASH, *provinces]
        self.fields["region"].choices = [*BLANK_CHOICE_DASH, *cities]

    def clean_received_at(self) -> datetime:
        moment, now = self.cleaned_data["received_at"], timezone.now()
        if moment > now + timedelta(minutes=1):
            raise ValidationError(_("This moment is not there yet."))
        if moment < now - OLDEST:
            raise ValidationError(_("This is more than a year ago; older cases are imported."))
        return min(moment, now)

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        if fields.get("anonymous"):
            fields |= {"name": "", "phone": "", "email": "", "customer_class": "", "consent": False}
            for name in {"name", "phone", "email"} & self.errors.keys():
                del self.errors[name]
        elif (fields.get("phone") or fields.get("email")) and not fields.get("consent"):
            self.add_error("consent", _("Ask the customer, and tick this; or leave out telephone and e-mail."))
        province, city = fields.get("province"), fields.get("region")
        if province and city and city[:2] != province[:2]:
            self.add_error("region", _("This city lies in another province."))
        return fields


def places() -> tuple[list[tuple[str, str]], list[tuple[str, list[tuple[str, str]]]]]:
    """Provinces, and their cities grouped by them. One query."""
    provinces: list[tuple[str, str]] = []
    below: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in Region.objects.filter(level__lte=Region.Level.CITY).order_by("code"):
        if row.level == Region.Level.PROVINCE:
            provinces.append((row.code, row.local_name))
        else:
            below[row.province_code].append((row.code, row.local_name))
    return provinces, [(name, below[code]) for code, name in provinces if below[code]]


class CounterForm(RegisterForm):
    """The same, said here and now: what the counter knows by itself is not asked."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("channel", "received_at", "language"):
            self.fields[name].required = False
        self.fields["place"].label = _("Which counter?")

    def clean_received_at(self) -> datetime:
        return timezone.now()

    def clean_channel(self) -> str:
        return "counter"

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or "zh-hans"
