"""The JSON form of tickets."""

from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Department
from tickets import access, contributions, people_shown, workflow
from tickets.models import Attachment, Message, Ticket, TicketEvent


class CustomerSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()
    customer_class = serializers.CharField()
    external_id = serializers.CharField()
    masked = serializers.BooleanField(
        help_text=gettext_lazy("True when the reader's role shows only part of these values.")
    )


class TicketRowSerializer(serializers.ModelSerializer):
    """A ticket in a list. Needs `for_list()`; no query of its own."""

    public_status = serializers.ChoiceField(choices=workflow.PublicStatus.choices, read_only=True)
    category = serializers.SlugRelatedField("code", read_only=True, allow_null=True)
    region = serializers.CharField(source="region_id", allow_null=True, read_only=True)
    department = serializers.SlugRelatedField("code", read_only=True, allow_null=True)
    owner = serializers.SlugRelatedField("username", read_only=True, allow_null=True)
    first_contact = serializers.SlugRelatedField("username", read_only=True, allow_null=True)
    customer = serializers.SerializerMethodField()
    overdue = serializers.SerializerMethodField()
    expected_by = serializers.DateTimeField(read_only=True, allow_null=True)
    rating = serializers.ChoiceField(choices=workflow.Rating.choices, allow_blank=True, read_only=True)
    void_reason = serializers.ChoiceField(choices=workflow.VoidReason.choices, allow_blank=True, read_only=True)
    problem = serializers.IntegerField(source="problem_id", allow_null=True, read_only=True)

    class Meta:
        model = Ticket
        fields = (
            "number", "version", "status", "public_status", "round", "level", "nature", "tier", "category", "scope",
            "channel", "subject", "content", "region", "region_text", "customer", "anonymous", "department", "owner",
            "first_contact", "received_at", "registered_at", "first_response_at", "resolved_at", "closed_at",
            "next_due_at", "overdue", "expected_by", "rating", "needs_review", "void_reason", "problem", "source",
            "external_id",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(CustomerSerializer(allow_null=True))
    def get_customer(self, ticket: Ticket) -> dict[str, object] | None:
        return people_shown.shown(ticket.customer, full=people_shown.sees_personal_data(self.context["request"].user))

    def get_overdue(self, ticket: Ticket) -> bool:
        return ticket.is_open and ticket.next_due_at is not None and ticket.next_due_at <= self.context["at"]


class TicketSerializer(TicketRowSerializer):
    """A ticket by itself: with its departments, what the reader can do, and what the apps above add (`clocks`, …)."""

    departments = serializers.SerializerMethodField()
    allowed_verbs = serializers.SerializerMethodField()
    merged_into = serializers.SlugRelatedField("number", read_only=True, allow_null=True)
    claimed_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta(TicketRowSerializer.Meta):
        fields = (
            *TicketRowSerializer.Meta.fields, "departments", "place", "occurred_at", "remedy_sought", "stars",
            "source_url", "language", "is_bad_review", "verdict", "claimed_at", "first_resolved_at", "merged_into",
            "allowed_verbs",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_departments(self, ticket: Ticket) -> list[str]:
        """Codes, the lead first."""
        codes = dict(Department.objects.filter(pk__in=ticket.departments).values_list("pk", "code"))
        return [codes[pk] for pk in ticket.departments if pk in codes]

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_allowed_verbs(self, ticket: Ticket) -> list[str]:
        return access.allowed_verbs(self.context["request"].user, ticket)

    def to_representation(self, ticket: Ticket) -> dict[str, Any]:
        plain = super().to_representation(ticket)
        user = self.context["request"].user
        for contribution in contributions.all_contributions():
            if contribution.describe:
                plain[contribution.name] = contribution.describe(ticket, user)
        return plain


class EventSerializer(serializers.ModelSerializer):
    actor = serializers.SlugRelatedField("username", read_only=True, allow_null=True)

    class Meta:
        model = TicketEvent
        fields = ("id", "at", "kind", "actor", "by_customer", "round", "version", "status", "data")
        read_only_fields = fields


class AttachmentSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="key")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields = ("id", "name", "size", "media_type", "sha256", "uploaded_at", "internal", "url")
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, attachment: Attachment) -> str:
        return self.context["request"].build_absolute_uri(attachment.get_absolute_url())


class MessageSerializer(serializers.ModelSerializer):
    author = serializers.SlugRelatedField("username", read_only=True, allow_null=True)
    attachments = AttachmentSerializer(many=True, read_only=True)

    class Meta:
        model = Message
        fields = ("id", "at", "direction", "author", "via", "text", "attachments")
        read_only_fields = fields


class DepartmentSerializer(serializers.ModelSerializer):
    parent = serializers.SlugRelatedField("code", read_only=True, allow_null=True)
    head = serializers.SlugRelatedField("username", read_only=True, allow_null=True)

    class Meta:
        model = Department
        fields = ("code", "name", "name_en", "parent", "head", "is_office")
        read_only_fields = fields
