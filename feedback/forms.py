"""What customers fill in. Everything typed comes back with the errors; so do the files (DI-6)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.form_fields import Unchanged, moment_picker
from common.phones import phone_number
from common.text import clean, is_visible, one_line
from feedback.content import LONGEST, SHORTEST
from tickets.attachments import files
from tickets.models import Attachment
from tickets.workflow import Nature

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
MOMENTS = [
    "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d",
    "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日",
]  # fmt: skip


class LineField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")


class ProseField(forms.CharField):
    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = clean(value or "").strip() if isinstance(value, str) else ""
        return text if is_visible(text) else ""


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """A list of uploads; each is looked at when it is stored."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [row for row in (data if isinstance(data, list | tuple) else [data]) if isinstance(row, UploadedFile)]


class WithFiles(forms.Form):
    """A form with uploads. `stored()` keeps them at once, so that an error elsewhere does not lose them.

    Kept ones travel in `kept`, signed: nobody can name a file that was not given to them.
    """

    uploads = ManyFilesField(label=_("Photos, videos, recordings"), required=False)
    signer = signing.TimestampSigner(salt="feedback.kept")

    def stored(self, *, at: datetime, cut_off: list[str]) -> list[Attachment]:
        """Keep the uploads; refused ones become errors that name them, and so do those that lay here too long.

        What was sent already is among the rows: the same form sent twice is one, and any other is refused it by `files.unlinked`.
        """
        rows, gone = self.kept(at)
        if gone:
            self.add_error("uploads", files.no_longer_here())
        known = {row.sha256 for row in rows if row.ticket_id is None}
        for name in cut_off:
            self.add_error("uploads", files.too_large(name))
        for upload in self.files_given():
            if len(rows) >= files.MOST:
                self.add_error("uploads", _("At most %(most)s files.") % {"most": files.MOST})
                break
            try:
                row = files.store(upload, at=at)
            except files.FileRefused as refused:
                self.add_error("uploads", refused)
                continue
            if row.sha256 not in known:
                known.add(row.sha256)
                rows.append(row)
        return rows

    def files_given(self) -> list[UploadedFile]:
        return self.fields["uploads"].clean(self.files.getlist(self.add_prefix("uploads")))

    def kept(self, at: datetime) -> tuple[list[Attachment], bool]:
        """The files that the form names, and whether some of them are gone."""
        keys, gone = set(), False
        for signed in self.data.getlist(self.add_prefix("kept"))[: files.MOST]:  # type: ignore[attr-defined]
            try:
                keys.add(self.signer.unsign(signed))
            except signing.BadSignature:
                gone = True
        if not keys:
            return [], gone
        here = Q(ticket=None, uploaded_at__gt=at - files.KEPT_UNUSED) | Q(ticket__isnull=False)
        rows = list(Attachment.objects.filter(here, key__in=keys).order_by("uploaded_at", "pk"))
        return rows, gone or len(rows) < len(keys)

    @classmethod
    def mark(cls, row: Attachment) -> str:
        return cls.signer.sign(str(row.key))

    @classmethod
    def offered(cls, uploads: Iterable[Attachment] = ()) -> dict[str, Any]:
        """What `feedback/files.html` shows: the files that are kept, and how many and how large they may be."""
        return {
            "uploads": [(cls.mark(row), row) for row in uploads if row.ticket_id is None],
            "most_files": files.MOST,
            "largest_mb": settings.ATTACHMENT_MB,
            "video_mb": settings.ATTACHMENT_VIDEO_MB,
        }


class FeedbackForm(WithFiles):
    """The public form (A2.2 C2.1). What is optional here is optional in the regulation too."""

    shortest = SHORTEST
    nature = forms.ChoiceField(
        label=_("What would you like to say?"), choices=Nature.choices, required=False, widget=forms.RadioSelect
    )
    content = ProseField(
        label=_("Please tell us what happened"),
        help_text=_("Model, time, what you would like us to do. 10 to 5,000 characters."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Say in your own words what happened.")},
    )
    occurred_at = forms.DateTimeField(
        label=_("When did it happen?"),
        required=False,
        input_formats=MOMENTS,
        widget=moment_picker(),
    )
    region = LineField(
        label=_("In which province or city?"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"list": "regions", "autocomplete": "off"}),
    )
    place = LineField(label=_("Where exactly?"), required=False, max_length=200)
    remedy_sought = LineField(label=_("What would put it right?"), required=False, max_length=500)
    anonymous = forms.TypedChoiceField(
        label=_("May we contact you?"),
        choices=[("", _("Leave a contact")), ("1", _("Stay anonymous"))],
        coerce=lambda value: value == "1",
        empty_value=False,  # type: ignore[arg-type]
        required=False,
        widget=forms.RadioSelect,
    )
    name = LineField(
        label=_("Your name"), required=False, max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = LineField(
        label=_("Telephone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    consent = forms.BooleanField(label=_("Your consent"), required=False)
    token = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    website = forms.CharField(required=False, max_length=500)  # no person sees it

    def clean_content(self) -> str:
        text = self.cleaned_data["content"]
        if len(text) < self.shortest:
            raise ValidationError(_("Please write at least %(least)s characters.") % {"least": self.shortest})
        if len(text) > LONGEST:
            raise ValidationError(
                _("Please write at most %(most)s characters; these are %(count)s.")
                % {"most": LONGEST, "count": len(text)}
            )
        return text

    def clean_occurred_at(self) -> datetime | None:
        moment = self.cleaned_data["occurred_at"]
        if moment and not EARLIEST <= moment <= timezone.now() + timedelta(days=1):
            raise ValidationError(_("This moment is too long ago, or not there yet."))
        return moment

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("We took this for the message of a machine. Please send it once more."))
        return ""

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"]
        if not text or self.data.get("anonymous") == "1":
            return ""
        try:
            return phone_number(text)
        except ValueError:
            raise ValidationError(_("This telephone number cannot be right; please check it.")) from None

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        if fields.get("anonymous"):
            fields |= {"name": "", "phone": "", "email": ""}
            for name in {"name", "phone", "email"} & self.errors.keys():
                del self.errors[name]
            return fields
        if not (fields.get("phone") or fields.get("email")) and not {"phone", "email"} & self.errors.keys():
            self.add_error("phone", _("Leave a telephone number or an e-mail address, or choose to stay anonymous."))
        elif not fields.get("consent"):
            self.add_error("consent", _("We need your consent to keep your contact."))
        return fields


FeedbackForm.base_fields = Unchanged(FeedbackForm.base_fields)


class MessageForm(WithFiles):
    text = ProseField(label=_("Add something, or answer us"), widget=forms.Textarea(attrs={"rows": 3}))
    token = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if len(text) > LONGEST:
            raise ValidationError(
                _("Please write at most %(most)s characters; these are %(count)s.")
                % {"most": LONGEST, "count": len(text)}
            )
        return text


class AppealForm(forms.Form):
    appeal = ProseField(
        label=_("What was wrong with the way your case was handled?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ProofForm(forms.Form):
    """What only the customer knows, before everything about a case is given out."""

    proof = LineField(
        label=_("So that nobody else gets it: the last four digits of your telephone, or your e-mail address"),
        help_text=_("Your e-mail address itself is given out whole only to who enters it here."),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class TrackForm(forms.Form):
    code = LineField(
        label=_("Tracking code"),
        max_length=200,
        help_text=_("You find it on your receipt. Upper or lower case, with or without hyphens."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
