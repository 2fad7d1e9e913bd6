"""The rows of a batch: a slip, a letter. A row in which nothing is typed is no row."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.form_fields import day_picker
from common.phones import phone_number
from feedback.content import LONGEST
from feedback.forms import LineField, ProseField, WithFiles
from feedback.forms_register import OLDEST
from tickets.models import Attachment
from tickets.workflow import Nature

SHORTEST_ON_PAPER = 2
"""A slip is entered as it is written; nobody makes it longer for us."""


class PaperForm(WithFiles):
    """What every paper has. Whoever wrote no name and no telephone number on it stays anonymous."""

    content = ProseField(label=_("Words on the paper"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))
    nature = forms.ChoiceField(
        label=_("Nature"), required=False, choices=[("", _("Decide from the text")), *Nature.choices]
    )  # fmt: skip
    name = LineField(label=_("Name"), required=False, max_length=100)
    phone = LineField(label=_("Telephone"), required=False, max_length=40)
    another = forms.BooleanField(label=_("It is another paper with the same words"), required=False)
    typed = ("content", "name", "phone")
    columns = ("content", "nature", "name", "phone")
    known_as = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **options)
        self.fields["uploads"].label = _("Scan")

    def is_empty(self) -> bool:
        """Whether the clerk left the row alone; what the page filled in by itself does not count."""
        typed = any((self[name].value() or "").strip() for name in self.typed)
        return not (typed or self.files_given() or self.data.getlist(self.add_prefix("kept")))  # type: ignore[attr-defined]

    def clean_content(self) -> str:
        text = self.cleaned_data["content"]
        if len(text) < SHORTEST_ON_PAPER:
            raise ValidationError(_("Please write at least %(least)s characters.") % {"least": SHORTEST_ON_PAPER})
        return text

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"]
        try:
            return phone_number(text) if text else ""
        except ValueError:
            raise ValidationError(_("This telephone number cannot be right; please check it.")) from None

    def stored(self, *, at: datetime, cut_off: list[str]) -> list[Attachment]:
        self.scans = super().stored(at=at, cut_off=cut_off)
        return self.scans

    def shown_scans(self) -> list[tuple[str, Attachment]]:
        return [(self.mark(row), row) for row in getattr(self, "scans", []) if row.ticket_id is None]

    def cells(self) -> list[Any]:
        return [self[name] for name in self.columns]


class SlipForm(PaperForm):
    pass


class LetterForm(PaperForm):
    received_on = forms.DateField(label=_("Arrived on"), widget=day_picker(), initial=timezone.localdate)
    postmarked_on = forms.DateField(label=_("Postmark"), required=False, widget=day_picker())
    registered_number = LineField(label=_("Registered number"), required=False, max_length=40)
    sender_address = LineField(label=_("Sender's address"), required=False, max_length=300)
    typed = ("content", "name", "phone", "postmarked_on", "registered_number", "sender_address")
    columns = (
        "postmarked_on", "registered_number", "name", "phone", "sender_address", "received_on", "content", "nature",
    )  # fmt: skip

    def clean_received_on(self) -> date:
        day, today = self.cleaned_data["received_on"], timezone.localdate()
        if day > today:
            raise ValidationError(_("This day is not there yet."))
        if day < today - OLDEST:
            raise ValidationError(_("This is more than a year ago; older cases are imported."))
        return day

    def clean_registered_number(self) -> str:
        return self.cleaned_data["registered_number"].upper().replace(" ", "")

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        arrived, postmark = fields.get("received_on"), fields.get("postmarked_on")
        if arrived and postmark and not arrived - timedelta(days=366) <= postmark <= arrived:
            self.add_error("postmarked_on", _("A letter arrives after its postmark, and within a year."))
        return fields


def moment_of_arrival(day: date, now: datetime) -> datetime:
    """Letters come with the morning's post; one of today is here at latest now."""
    return min(timezone.make_aware(datetime.combine(day, time(9))), now)


def rows_of(request: HttpRequest, kind: type[PaperForm], *, most: int) -> list[PaperForm]:
    """The rows of a sent page that are not empty, in its order. Numbers that a browser never sends are no rows."""
    found = []
    for index in range(most):
        row = kind(request.POST, request.FILES, prefix=f"r{index}")
        if not row.is_empty():
            row.full_clean()
            found.append(row)
    return found


def blank_rows(kind: type[PaperForm], *, first: int, count: int) -> list[PaperForm]:
    return [kind(prefix=f"r{index}") for index in range(first, first + count)]
