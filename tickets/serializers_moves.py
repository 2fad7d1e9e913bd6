"""What the API's first verbs take; `serializers_verbs.py` holds the table of all."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.models import Department, Region, User
from common.fields import NamedOnly, TextOnly
from common.text import clean
from common.validators import validate_visible
from tickets import workflow
from tickets.attachments.files import MOST
from tickets.channels import WAYS
from tickets.models import Attachment, Category, Ticket


class TextField(TextOnly):
    """Text that people read: cleaned of invisible signs, not blank."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 20_000)
        super().__init__(validators=[validate_visible], **options)

    def to_internal_value(self, data: Any) -> str:
        return clean(super().to_internal_value(data))


class MoveSerializer(NamedOnly):
    version = serializers.IntegerField(
        required=False,
        min_value=1,
        help_text=gettext_lazy("The version that the caller saw; another one now is answered 409."),
    )


class FilesSerializer(MoveSerializer):
    """A move to which files can be added."""

    attachments = serializers.SlugRelatedField(
        "key",
        many=True,
        required=False,
        queryset=Attachment.objects.none(),
        help_text=gettext_lazy("Ids of files uploaded before."),
    )

    def to_internal_value(self, data: Any) -> Any:
        """Each id costs a query: a list of thousands is refused before."""
        keys = data.get("attachments") if isinstance(data, Mapping) else None
        if isinstance(keys, list) and len(keys) > MOST:
            raise serializers.ValidationError({"attachments": [_("At most %(most)s files.") % {"most": MOST}]})
        return super().to_internal_value(data)

    def get_fields(self) -> dict[str, serializers.Field]:
        """Only the caller's own files that lie nowhere yet can be linked."""
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None and request.user.is_authenticated:
            own = Attachment.objects.filter(ticket=None, uploaded_by=request.user)
            fields["attachments"].child_relation.queryset = own
        return fields


class AssignSerializer(MoveSerializer):
    department = serializers.SlugRelatedField("code", queryset=Department.objects.active())
    owner = serializers.SlugRelatedField("username", queryset=User.objects.active(), required=False, allow_null=True)
    reason = TextField(required=False, allow_blank=True, max_length=500)


class AcceptSerializer(MoveSerializer):
    owner = serializers.SlugRelatedField("username", queryset=User.objects.active(), required=False, allow_null=True)


class ReturnSerializer(FilesSerializer):
    reason = serializers.ChoiceField(choices=workflow.ReturnReason.choices)
    text = TextField(required=False, allow_blank=True)


class ClassifySerializer(MoveSerializer):
    nature = serializers.ChoiceField(choices=workflow.Nature.choices, required=False)
    category = serializers.SlugRelatedField("code", queryset=Category.objects.filter(is_active=True), required=False)
    tier = serializers.ChoiceField(choices=workflow.Tier.choices, required=False)
    scope = serializers.ChoiceField(choices=Ticket.Scope.choices, required=False)
    region = serializers.SlugRelatedField("code", queryset=Region.objects.all(), required=False, allow_null=True)
    needs_review = serializers.BooleanField(required=False)


class VoidSerializer(MoveSerializer):
    reason = serializers.ChoiceField(choices=workflow.VoidReason.choices)
    text = TextField(required=False, allow_blank=True)


class ReasonSerializer(MoveSerializer):
    reason = TextField(max_length=500)


class EscalateSerializer(ReasonSerializer):
    text = TextField(required=False, allow_blank=True)


class RestoreSerializer(MoveSerializer):
    reason = TextField(required=False, allow_blank=True, max_length=500)


class RemindSerializer(MoveSerializer):
    text = TextField(required=False, allow_blank=True)


class NoteSerializer(FilesSerializer):
    text = TextField()


class SayingSerializer(NoteSerializer):
    via = serializers.ChoiceField(choices=WAYS, required=False)


class ReplySerializer(SayingSerializer):
    """`resolves` makes it the instant reply: the case is resolved with it."""

    resolves = serializers.BooleanField(required=False)


class ResolveSerializer(SayingSerializer):
    text = TextField(required=False, allow_blank=True)
