"""The week of a calendar, and a new calendar."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.validators import other_than
from sla.calendars import Slot
from sla.definitions import parse_slots, zone_named
from sla.errors import WorktimeError
from sla.models import Calendar

NEW = dict.fromkeys(range(5), "09:00-12:00 13:00-18:00")


def slots_of(text: str) -> list[Slot]:
    """`09:00-12:00 13:00-18:00`; empty is a rest day. ValidationError for what is none."""
    text = text.replace("–", "-").replace("，", " ").replace(",", " ")
    try:
        return parse_slots([part.split("-") for part in text.split()], "hours")
    except WorktimeError as error:
        raise forms.ValidationError(error.sentence(gettext)) from None


class HoursForm(forms.Form):
    """Seven lines, Monday first."""

    def __init__(self, *args: Any, weekly: dict[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        for day in range(7):
            self.fields[f"day{day}"] = forms.CharField(
                label=WEEKDAYS[day], required=False, max_length=200, initial=weekly.get(day, "")
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for day in range(7):
            try:
                data[f"day{day}"] = slots_of(data.get(f"day{day}", ""))
            except forms.ValidationError as error:
                self.add_error(f"day{day}", error)
        if not self.errors and not any(data[f"day{day}"] for day in range(7)):
            self.add_error(None, _("At least one day has hours."))
        return data

    @property
    def weekly(self) -> dict[int, list[Slot]]:
        return {day: self.cleaned_data[f"day{day}"] for day in range(7) if self.cleaned_data[f"day{day}"]}


def written(calendar: Calendar) -> dict[int, str]:
    """A calendar's week as the form shows it. One query."""
    lines: dict[int, list[str]] = {}
    for slot in calendar.slots.all():
        end = "24:00" if f"{slot.closes:%H:%M}" == "00:00" else f"{slot.closes:%H:%M}"
        lines.setdefault(slot.weekday, []).append(f"{slot.opens:%H:%M}-{end}")
    return {day: " ".join(slots) for day, slots in lines.items()}


class NewCalendarForm(forms.ModelForm):
    class Meta:
        model = Calendar
        fields = ("code", "name", "name_en", "zone", "follows_holidays", "late_receipt_counts_next_day")
        labels = {
            "late_receipt_counts_next_day": _("What comes in after closing counts as received on the next working day")
        }  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].validators.append(other_than("new"))

    def clean_zone(self) -> str:
        try:
            zone_named(self.cleaned_data["zone"])
        except WorktimeError as error:
            raise forms.ValidationError(error.sentence(gettext)) from None
        return self.cleaned_data["zone"]
