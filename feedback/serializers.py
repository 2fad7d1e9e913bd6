"""The API's forms of feedback. Only the fields named here are taken; anything else in a body is refused by name (S-9)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from common.fields import NamedOnly, TextOnly
from common.phones import phone_number
from common.text import clean, is_visible, one_line
from feedback.appeals.models import Appeal
from feedback.content import LONGEST, SHORTEST
from tickets.attachments.files import MOST
from tickets.channels import Channel
from tickets.models import Category
from tickets.workflow import Nature, PublicStatus, Status

LONGEST_OF_MACHINES = 100_000
FROM_MACHINES = {
    Channel.REVIEW,
    Channel.SOCIAL,
    Channel.EMAIL,
    Channel.WECHAT,
    Channel.CHAT,
    Channel.PAPER,
    Channel.BOX,
}
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


class Line(TextOnly):
    """One line: control and invisible characters are dropped, white space is single."""

    def __init__(self, **options: Any) -> None:
        defaults: dict[str, Any] = {"required": False, "allow_blank": True, "default": ""}
        super().__init__(**defaults | options)

    def to_internal_value(self, data: Any) -> str:
        return one_line(super().to_internal_value(data))


class Prose(TextOnly):
    """Text of several lines, of which something must be visible."""

    default_error_messages = {"invisible": _("Write something that can be read.")}

    def to_internal_value(self, data: Any) -> str:
        text = clean(super().to_internal_value(data)).strip()
        if not is_visible(text):
            self.fail("invisible")
        return text


class Phone(Line):
    default_error_messages = {"phone": _("This telephone number cannot be right; please check it.")}

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        try:
            return phone_number(text) if text else ""
        except ValueError:
            self.fail("phone")


@extend_schema_serializer(component_name="SubmittingCustomer")
class CustomerSerializer(NamedOnly):
    name = Line(max_length=100)
    phone = Phone(max_length=40)
    email = serializers.EmailField(required=False, allow_blank=True, default="", max_length=254)
    external_id = Line(max_length=100)
    customer_class = Line(max_length=40)
    region = Line(max_length=100, help_text=_("Where the customer lives; of the feedback where its own is empty."))


class SourceSerializer(NamedOnly):
    ref = Line(max_length=200)
    url = serializers.URLField(required=False, allow_blank=True, default="", max_length=500)

    def validate_url(self, url: str) -> str:
        if url and not url.lower().startswith(("http://", "https://")):
            raise serializers.ValidationError(_("Only http and https addresses."))
        return url


class FeedbackSerializer(NamedOnly):
    """`POST /api/v1/feedback/`. `category` is a code, `region` a six-digit code or words, `rating` 1 to 5 stars."""

    channel = serializers.ChoiceField(choices=Channel.choices, default=Channel.APP)
    nature = serializers.ChoiceField(choices=Nature.choices, required=False, allow_null=True, allow_blank=True)
    category = Line(max_length=40, allow_null=True)
    subject = Line(max_length=200, allow_null=True)
    content = Prose(max_length=LONGEST_OF_MACHINES)
    occurred_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    claimed_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text=_("When the caller had it; no limit counts from it.")
    )
    place = Line(max_length=200, allow_null=True)
    region = Line(max_length=100, allow_null=True)
    remedy_sought = Line(max_length=500, allow_null=True)
    rating = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=5)
    anonymous = serializers.BooleanField(required=False, default=False)
    consent = serializers.BooleanField(
        required=False, default=False, help_text=_("The customer agreed that the contact is kept.")
    )
    customer = CustomerSerializer(required=False, allow_null=True, default=None)
    attachments = serializers.ListField(
        child=serializers.UUIDField(), required=False, allow_null=True, default=list, max_length=MOST
    )
    source = SourceSerializer(required=False, allow_null=True, default=None)  # type: ignore[assignment]

    def validate_category(self, code: str | None) -> str:
        if code and not Category.objects.filter(code=code, is_active=True).exists():
            raise serializers.ValidationError(_("There is no category “%(code)s”.") % {"code": code})
        return code or ""

    def validate_occurred_at(self, moment: datetime | None) -> datetime | None:
        if moment and not EARLIEST <= moment <= timezone.now() + timedelta(days=1):
            raise serializers.ValidationError(_("This moment is too long ago, or not there yet."))
        return moment

    validate_claimed_at = validate_occurred_at

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        if fields["channel"] not in FROM_MACHINES and len(fields["content"]) < SHORTEST:
            raise serializers.ValidationError(
                {"content": _("Please write at least %(least)s characters.") % {"least": SHORTEST}}
            )
        return fields


@extend_schema_serializer(component_name="CustomerMessage")
class MessageSerializer(NamedOnly):
    text = Prose(max_length=LONGEST)
    attachments = serializers.ListField(
        child=serializers.UUIDField(), required=False, allow_null=True, default=list, max_length=MOST
    )


class AppealSerializer(NamedOnly):
    """What was wrong with the handling."""

    text = Prose(max_length=LONGEST)


class WithdrawSerializer(NamedOnly):
    reason = Line(max_length=500)


class ReceiptSerializer(serializers.Serializer):
    number = serializers.CharField()
    tracking_code = serializers.CharField(help_text=_("Shown this once; it is stored hashed."))
    tracking_url = serializers.URLField()
    status = serializers.ChoiceField(choices=Status.choices)
    received_at = serializers.DateTimeField()
    expected_by = serializers.DateTimeField(allow_null=True)


class FileSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="key")
    name = serializers.CharField()
    size = serializers.IntegerField()
    media_type = serializers.CharField()
    sha256 = serializers.CharField()


class ProgressSerializer(serializers.Serializer):
    """How far an upload in pieces is. `mark` is what a form of our own sends for the file."""

    offset = serializers.IntegerField()
    length = serializers.IntegerField()
    attachment = FileSerializer(allow_null=True)
    mark = serializers.CharField(allow_blank=True)


class UploadSerializer(serializers.Serializer):
    file = serializers.FileField()


class StepSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    text = serializers.CharField()
    round = serializers.IntegerField()


class SaidSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    by = serializers.ChoiceField(choices=["customer", "company"])
    via = serializers.CharField()
    text = serializers.CharField()
    attachments = FileSerializer(many=True)


class ToldAppealSerializer(serializers.Serializer):
    """A complaint about the handling, and its answer once there is one."""

    at = serializers.DateTimeField()
    text = serializers.CharField()
    open = serializers.BooleanField()
    outcome = serializers.ChoiceField(choices=Appeal.Outcome.choices, allow_blank=True)
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class CaseSerializer(serializers.Serializer):
    """What a customer sees of a case: no internal note, no name or address of anybody."""

    number = serializers.CharField()
    subject = serializers.CharField()
    nature = serializers.ChoiceField(choices=Nature.choices)
    status = serializers.ChoiceField(choices=Status.choices)
    public_status = serializers.ChoiceField(choices=PublicStatus.choices)
    merged_into = serializers.CharField(
        source="merged_into.number",
        read_only=True,
        allow_null=True,
        help_text=_("The case that goes on for this one, which has its own code."),
    )
    round = serializers.IntegerField()
    received_at = serializers.DateTimeField()
    expected_by = serializers.DateTimeField(allow_null=True)
    promised_by = serializers.DateTimeField(allow_null=True, help_text=_("Until then an answer is promised."))
    longer_because = serializers.CharField(help_text=_("Why the result takes longer than first said; else empty."))
    timeline = StepSerializer(many=True)
    messages = SaidSerializer(many=True)
    can_reply = serializers.BooleanField()
    can_rate = serializers.BooleanField()
    appeals = ToldAppealSerializer(many=True)
    can_appeal = serializers.BooleanField()
    can_withdraw = serializers.BooleanField()
