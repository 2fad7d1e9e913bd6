from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from accounts.region_field import RegionField
from common.form_fields import MomentField, day_picker
from sla import holidays, ladder, ladder_words
from sla.calendars import Slot
from sla.errors import WorktimeError
from sla.forms_calendars import slots_of
from sla.models import SlaTarget
from tickets.channels import Channel
from tickets.models import Customer, Ticket
from tickets.situation import settings_known
from tickets.workflow import Nature, Status, Tier

LARGEST_FILE = 1_000_000


def rows_of_file(data: bytes, slots: Sequence[Slot]) -> tuple[list[holidays.OverrideRow], date | None]:
    """The days of a holiday file, JSON or ICS, and the day it says it reaches to. WorktimeError for neither."""
    if data.lstrip()[:1] in (b"{", b"\xef"):
        return holidays.parse_holiday_json(data, slots=slots)
    return holidays.parse_ics(data, slots=slots), None


class DayForm(forms.Form):
    """One date that differs from the week."""

    date = forms.DateField(label=gettext_lazy("Date"), widget=day_picker())
    hours = forms.CharField(label=gettext_lazy("Hours"), required=False, max_length=200)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=100)

    def clean_date(self) -> date:
        day = self.cleaned_data["date"]
        if not 2000 <= day.year <= 2100:
            raise forms.ValidationError(_("Enter a date between 2000 and 2100."))
        return day

    def clean_hours(self) -> list[Slot]:
        """`09:00-12:00 13:00-18:00`; empty is a rest day."""
        return slots_of(self.cleaned_data["hours"])


class ImportForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"))
    known_until = forms.DateField(
        label=gettext_lazy("Complete until"),
        required=False,
        widget=day_picker(),
    )

    def __init__(self, *args: Any, slots: Sequence[Slot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slots = slots

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file = data.get("file")
        if file is None:
            return data
        if file.size > LARGEST_FILE:
            self.add_error("file", _("The file is too large."))
            return data
        try:
            data["rows"], reaches = rows_of_file(file.read(), self.slots)
        except WorktimeError as error:
            self.add_error("file", error.sentence(gettext))
            return data
        data["known_until"] = data.get("known_until") or reaches
        return data


class Lines(forms.CharField):
    """Several lines. Browsers send them with other ends than they were shown with; that alone is no change."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(initial, (data or "").replace("\r\n", "\n").strip())


class TargetForm(forms.ModelForm):
    waits = forms.BooleanField(label=gettext_lazy("Pauses while waiting for the customer"), required=False)
    steps = Lines(label=gettext_lazy("Ladder"), required=False, widget=forms.Textarea(attrs={"rows": 5}))

    class Meta:
        model = SlaTarget
        fields = ["metric", "amount", "unit", "calendar"]
        labels = {
            "metric": gettext_lazy("Step"),
            "amount": gettext_lazy("Amount"),
            "unit": gettext_lazy("Unit"),
            "calendar": gettext_lazy("Calendar"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fresh = self.instance.pk is None
        self.initial.setdefault("waits", Status.WAITING in self.instance.pauses_on)
        self.initial.setdefault("steps", ladder_words.as_words(ladder.USUAL if fresh else self.instance.ladder))
        self.fields["amount"].max_value = 10_000

    def clean_steps(self) -> list[ladder.Step]:
        try:
            return ladder_words.from_words(self.cleaned_data["steps"])
        except ValueError as error:
            raise forms.ValidationError(_("“%(word)s” is no step.") % {"word": error}) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("unit") in ("wd", "d") and data.get("amount") == 0:
            self.add_error("amount", _("A limit in days is at least one."))
        if (data.get("amount") or 0) > 10_000:
            self.add_error("amount", _("That is too long."))
        return data

    def save(self, commit: bool = True) -> SlaTarget:
        target = self.instance
        target.pauses_on = [Status.WAITING.value] if self.cleaned_data["waits"] else []
        target.ladder = self.cleaned_data["steps"]
        return super().save(commit)


TargetFormSet = forms.inlineformset_factory(
    parent_model=SlaTarget._meta.get_field("policy").related_model,
    model=SlaTarget,
    form=TargetForm,
    extra=1,
    can_delete=True,
    max_num=20,
    absolute_max=21,
)


class SimulationForm(forms.Form):
    nature = forms.ChoiceField(label=gettext_lazy("Nature"), choices=Nature.choices)
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), choices=Tier.choices)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=Channel.choices)
    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    customer_class = forms.CharField(label=gettext_lazy("Customer class"), required=False, max_length=40)
    region = RegionField()
    at = MomentField(label=gettext_lazy("Received at"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = settings_known()
        for name, rows in (("department", self.known.departments), ("category", self.known.categories)):
            self.fields[name].choices = [("", _("Not specified"))] + [(code, str(row)) for code, row in rows.items()]

    def case(self) -> Ticket:
        """A case as it would come in; it is never saved."""
        given = self.cleaned_data
        customer = Customer(customer_class=given["customer_class"]) if given["customer_class"] else None
        return Ticket(
            nature=given["nature"],
            tier=given["tier"],
            channel=given["channel"],
            department=self.known.departments.get(given["department"]),
            category=self.known.categories.get(given["category"]),
            customer=customer,
            region=given["region"],
        )
