"""The archive by API: what is filed, and the holds that keep a case longer (D6)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.idempotency import KEY, idempotent
from common.fields import NamedOnly
from common.pagination import RowsPagination
from tickets import access
from tickets.api import NUMBER, ReadView
from tickets.archive import services_filing
from tickets.archive.forms import KEPT, ArchiveFilter
from tickets.models import ArchiveRecord, LegalHold
from tickets.serializers_moves import TextField


def asked(name: str, told: str, kind: Any = str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=told, **more)


class ArchivePagination(RowsPagination):
    ordering = ("-archived_at", "-pk")


class ArchiveRecordSerializer(serializers.ModelSerializer):
    """Where a case lies and how long; nothing of its content."""

    ticket = serializers.CharField(source="ticket.number", allow_null=True)
    archive_class = serializers.CharField(source="archive_class.code")
    department = serializers.CharField(source="ticket.department.code", default=None, allow_null=True)
    status = serializers.CharField(source="ticket.status")
    held = serializers.BooleanField()

    class Meta:
        model = ArchiveRecord
        fields = (
            "number", "ticket", "archive_class", "department", "status", "archived_at", "keep_until", "held", "erased_at",
        )  # fmt: skip


class HoldSerializer(serializers.ModelSerializer):
    """A reason to keep a case whatever its period says."""

    set_by = serializers.CharField(source="set_by.username")
    lifted_by = serializers.CharField(source="lifted_by.username", default=None, allow_null=True)

    class Meta:
        model = LegalHold
        fields = ("reason", "set_at", "set_by", "lifted_at", "lifted_by", "lifted_reason")


class HoldReasonSerializer(NamedOnly):
    reason = TextField(max_length=500)


@extend_schema(
    parameters=[
        asked("q", "Words of the case, or how its archive number begins."),
        asked("kind", "The code of an archive class."),
        asked("department", "The code of a department."),
        asked("since", "Archived on this day or later.", OpenApiTypes.DATE),
        asked("until", "Archived on this day or earlier.", OpenApiTypes.DATE),
        asked("kept", "Held, over, erased or reopened.", enum=[code for code, _label in KEPT if code]),
    ]
)
class ArchiveListView(ReadView, generics.ListAPIView):
    """The archived cases that the caller may see, newest first; reading one itself is put on record."""

    queryset = ArchiveRecord.objects.none()
    serializer_class = ArchiveRecordSerializer
    pagination_class = ArchivePagination
    filter_backends: list = []

    def get_queryset(self) -> QuerySet[ArchiveRecord]:
        form = ArchiveFilter(self.request.query_params or {"q": ""})
        if not form.is_valid():
            raise serializers.ValidationError({name: list(errors) for name, errors in form.errors.items()})
        return form.found(self.request.user, timezone.localdate())


class HoldView(APIView):
    """Put a case on hold, so that nothing of it is erased (office and auditors). 409 when it is on hold already."""

    scopes = {"POST": "manage"}
    lifts = False
    serializer_class = HoldReasonSerializer

    @extend_schema(
        operation_id="tickets_hold", request=HoldReasonSerializer, responses=HoldSerializer, parameters=[NUMBER, KEY]
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        ticket = access.get_ticket(request.user, number)
        if not services_filing.may_hold(request.user):
            raise PermissionDenied(_("Only the office and auditors set and lift a hold."))
        given = HoldReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        act = services_filing.lift_hold if self.lifts else services_filing.hold
        row = act(ticket, reason=given.validated_data["reason"], by=request.user, at=timezone.now())
        return Response(HoldSerializer(row).data)


@extend_schema_view(post=extend_schema(operation_id="tickets_lift_hold"))
class LiftHoldView(HoldView):
    """Lift the hold of a case: its period counts again. 409 when it is not on hold."""

    lifts = True
