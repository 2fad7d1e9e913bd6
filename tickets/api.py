"""The API of tickets: the list, one ticket, its parts, and its moves."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.utils import translate_validation
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.idempotency import KEY, idempotent
from accounts.models import Department
from tickets import access, serializers, serializers_verbs
from tickets import services as tickets
from tickets.archive.services import log_reading, log_readings
from tickets.filters import TicketFilter
from tickets.models import Attachment, Message, Ticket, TicketEvent
from tickets.pagination import CodesPagination, FilesPagination, RowsPagination, SeekPagination
from tickets.serializers_moves import MoveSerializer

NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH, description="The ticket's number.")


class TicketFilterBackend(DjangoFilterBackend):
    def get_filterset_kwargs(self, request: Request, queryset: QuerySet, view: Any) -> dict[str, Any]:
        given = super().get_filterset_kwargs(request, queryset, view)
        return given | {"at": timezone.now(), "user": request.user}

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        """A figure can find only while it filters that its link cannot be read."""
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        found = filterset.qs
        if filterset.errors:
            raise translate_validation(filterset.errors)
        return found


class ReadView:
    scopes = {"GET": "read"}

    def get_serializer_context(self) -> dict[str, Any]:
        return super().get_serializer_context() | {"at": timezone.now()}  # type: ignore[misc]


def read(request: Request, number: str) -> Ticket:
    """The ticket; a reading of an archived one is on record, once a day for a caller (D6)."""
    found = access.get_ticket(request.user, number)
    log_reading(request.user, found, purpose=caller(request), at=timezone.now())
    return found


def caller(request: Request) -> str:
    """What stands as the purpose of a reading: the token that asked."""
    return str(getattr(request.auth, "name", "") or "API")


class TicketListView(ReadView, generics.ListAPIView):
    """The tickets that the caller may see, newest first unless `ordering` says otherwise. That it shows what archived ones say
    is on record (D6).
    """

    queryset = Ticket.objects.none()
    serializer_class = serializers.TicketRowSerializer
    pagination_class = SeekPagination
    filter_backends = [TicketFilterBackend]
    filterset_class = TicketFilter

    def get_queryset(self) -> QuerySet[Ticket]:
        return Ticket.objects.visible_to(self.request.user)

    def paginate_queryset(self, queryset: QuerySet[Ticket]) -> list[Ticket]:
        rows = super().paginate_queryset(queryset) or []
        log_readings(self.request.user, rows, purpose=caller(self.request), at=timezone.now())
        return rows


class TicketView(ReadView, generics.RetrieveAPIView):
    """One ticket, with what the reader can do next (`allowed_verbs`) and its clocks."""

    queryset = Ticket.objects.none()
    serializer_class = serializers.TicketSerializer
    lookup_field = lookup_url_kwarg = "number"
    filter_backends = []

    def get_object(self) -> Ticket:
        return read(self.request, self.kwargs["number"])


class PartView(ReadView, generics.ListAPIView):
    filter_backends: list = []

    def ticket(self) -> Ticket:
        return read(self.request, self.kwargs["number"])


@extend_schema(parameters=[NUMBER])
class EventListView(PartView):
    """The history of a ticket, oldest first. `data` holds codes."""

    queryset = TicketEvent.objects.none()
    serializer_class = serializers.EventSerializer
    pagination_class = RowsPagination

    def get_queryset(self) -> QuerySet[TicketEvent]:
        return self.ticket().events.select_related("actor")


@extend_schema(parameters=[NUMBER])
class MessageListView(PartView):
    """What was said: by the customer, to the customer, and internal notes."""

    queryset = Message.objects.none()
    serializer_class = serializers.MessageSerializer
    pagination_class = RowsPagination

    def get_queryset(self) -> QuerySet[Message]:
        return self.ticket().messages.select_related("author").prefetch_related("attachments")


@extend_schema(parameters=[NUMBER])
class AttachmentListView(PartView):
    """The files of a ticket; `url` gives one to whoever may see the ticket."""

    queryset = Attachment.objects.none()
    serializer_class = serializers.AttachmentSerializer
    pagination_class = FilesPagination

    def get_queryset(self) -> QuerySet[Attachment]:
        return self.ticket().attachments.all()


class MoveView(APIView):
    """Make a move. The answer is the ticket with its new `version`; `allowed_verbs` tells what can be done next.

    409 when somebody changed it meanwhile (`newer` holds what happened) or its state forbids the move, 403 when the
    caller may see but not move it, 404 when the caller may not see it.
    """

    scopes = {"POST": "manage"}
    verb = ""

    @property
    def serializer_class(self) -> type[MoveSerializer]:
        return serializers_verbs.VERBS[self.verb]

    @idempotent
    def post(self, request: Request, number: str) -> Response:
        ticket = access.get_ticket(request.user, number)
        if not access.may(request.user, self.verb, ticket):
            raise PermissionDenied(access.why_not(request.user, self.verb, ticket))
        asked = self.serializer_class(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        at = timezone.now()
        arguments = dict(asked.validated_data)
        if self.verb == "close":
            arguments["reason"] = "person"
        moved = getattr(tickets, self.verb)(ticket, by=request.user, at=at, **arguments)
        return Response(serializers.TicketSerializer(moved, context={"request": request, "at": at}).data)


def move_view(verb: str) -> Any:
    """The view of one verb, so that the schema tells what each takes."""
    said = extend_schema(
        operation_id=f"tickets_{verb}",
        request=serializers_verbs.VERBS[verb],
        responses=serializers.TicketSerializer,
        parameters=[NUMBER, KEY],
    )
    view = type(f"{verb.title().replace('_', '')}View", (MoveView,), {"verb": verb, "__doc__": MoveView.__doc__})
    return extend_schema_view(post=said)(view).as_view()


class DepartmentListView(ReadView, generics.ListAPIView):
    """The departments a ticket can be assigned to."""

    queryset = Department.objects.active().select_related("parent", "head")
    serializer_class = serializers.DepartmentSerializer
    pagination_class = CodesPagination
    filter_backends = []
