"""The customer's part of the API: hand in, follow, add, withdraw; and the lists that forms are made of."""

from typing import Any

from django.db import transaction
from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied, Throttled, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.idempotency import KEY, Call, idempotent
from accounts.models import ApiToken
from accounts.roles import Role
from accounts.throttles import PublicThrottle
from accounts.tokens import needs_scope
from common import prepared
from common.parsers import SafeJSONParser
from common.remembered import looked_at_once
from feedback import links, serializers, services
from feedback.appeals import services as services_appeals
from feedback.case import case_of
from feedback.channels import app
from tickets import guard
from tickets.attachments import answers as file_answers
from tickets.channels import Channel
from tickets.models import Ticket

_CODE = OpenApiParameter("code", str, OpenApiParameter.PATH, description="The tracking code, with or without hyphens.")
OPEN_TO_ALL = {Channel.APP, Channel.WEB}


class PublicView(APIView):
    """Open to everybody; a token that is sent along must hold `scope_of_tokens`, if any. Bodies are JSON."""

    scope_of_tokens = str(ApiToken.Scope.SUBMIT)
    permission_classes = [AllowAny]
    throttle_classes = [PublicThrottle]
    parser_classes = [SafeJSONParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if self.parser_classes == [SafeJSONParser]:
            request._request.body  # noqa: B018 - kept as it came, before it is parsed
        super().initial(request, *args, **kwargs)
        scope = self.scope_of_tokens
        if scope and isinstance(request.auth, ApiToken) and scope not in request.auth.scopes:
            raise PermissionDenied(needs_scope({scope}))

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class FeedbackView(PublicView):
    call: Call | None = None  # given by `idempotent`

    @extend_schema(
        operation_id="feedback_create",
        request=serializers.FeedbackSerializer,
        responses={201: serializers.ReceiptSerializer},
        parameters=[KEY],
        tags=["feedback"],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A case is opened, with its number, limits and receipt. The tracking code is shown this once."""
        fields = serializers.FeedbackSerializer.read(request.data)
        check_channel(request, fields["channel"])
        call, told = self.call, {}

        def keeping(receipt: services.Receipt) -> prepared.Statement:
            told.update(receipt_of(receipt))
            return call.keeping(status.HTTP_201_CREATED, told)

        # under a key it is one transaction already, which knows of the settings
        with looked_at_once(call.settings) if call else transaction.atomic():
            receipt = app.take(
                fields,
                raw=request._request.body,
                by=request.user if request.user.is_authenticated else None,
                caller=request.auth.name if isinstance(request.auth, ApiToken) else "api",
                language=request._request.LANGUAGE_CODE,
                keeping=keeping if call else None,
                at=timezone.now(),
            )
        return Response(told or receipt_of(receipt), status=status.HTTP_201_CREATED)


def check_channel(request: Request, channel: str) -> None:
    """What came by telephone, by letter or from a platform says an app with a token, or a colleague who registers cases:
    a stranger would else put words into our agents' mouths, and into the figures by channel (S-9).
    """
    known = isinstance(request.auth, ApiToken) or (
        request.user.is_authenticated and request.user.has_role(Role.AGENT, Role.OFFICE)
    )
    if not known and channel not in OPEN_TO_ALL:
        raise ValidationError({"channel": [_("Without a token feedback comes by “app” or “web”.")]})


def receipt_of(receipt: services.Receipt) -> dict[str, Any]:
    """Plain values, as they are kept for a repeated call too; what `ReceiptSerializer` describes."""
    ticket = receipt.ticket
    expected_by = ticket.expected_by
    return {
        "number": ticket.number,
        "tracking_code": receipt.tracking_code,
        "tracking_url": links.tracking_url(receipt.tracking_code),
        "status": str(ticket.status),
        "received_at": timezone.localtime(ticket.received_at).isoformat(),
        "expected_by": timezone.localtime(expected_by).isoformat() if expected_by else None,
    }


class CaseView(PublicView):
    """What belongs to one tracking code. An unknown one gets the same 404 as any other."""

    def ticket(self, request: Request, code: str) -> Ticket:
        try:
            return guard.ticket_by_code(request._request, code)
        except guard.TooManyTries as tries:
            raise Throttled(wait=tries.wait) from None

    def case(self, ticket: Ticket, *, status: int = 200, **more: Any) -> Response:
        return Response(dict(serializers.CaseSerializer(case_of(ticket)).data) | more, status=status)


class FollowView(CaseView):
    @extend_schema(
        operation_id="feedback_follow",
        responses=serializers.CaseSerializer,
        parameters=[_CODE],
        tags=["feedback"],
    )
    def get(self, request: Request, code: str) -> Response:
        """The case as its customer sees it: where it stands, until when, and what was said. A wrong code is 404, like a missing one."""
        return self.case(self.ticket(request, code))


class MessagesView(CaseView):
    @extend_schema(
        operation_id="feedback_message",
        request=serializers.MessageSerializer,
        responses={201: serializers.CaseSerializer},
        parameters=[_CODE, KEY],
        tags=["feedback"],
    )
    @idempotent
    def post(self, request: Request, code: str) -> Response:
        """Say something more. On an archived case a linked one is opened: `follow_up` is its receipt."""
        ticket = self.ticket(request, code)
        form = serializers.MessageSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        receipt = app.hear(ticket, form.validated_data, at=timezone.now())
        more = {"follow_up": receipt_of(receipt)} if receipt else {}
        ticket.refresh_from_db()
        return self.case(ticket, status=status.HTTP_201_CREATED, **more)


class WithdrawView(CaseView):
    @extend_schema(
        operation_id="feedback_withdraw",
        request=serializers.WithdrawSerializer,
        responses=serializers.CaseSerializer,
        parameters=[_CODE, KEY],
        tags=["feedback"],
    )
    @idempotent
    def post(self, request: Request, code: str) -> Response:
        """Take it back: the case is void. 409 once it is resolved."""
        ticket = self.ticket(request, code)
        form = serializers.WithdrawSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.withdraw(ticket, at=timezone.now(), text=form.validated_data["reason"])
        ticket.refresh_from_db()
        return self.case(ticket)


class AppealView(CaseView):
    @extend_schema(
        operation_id="feedback_appeal",
        request=serializers.AppealSerializer,
        responses={201: serializers.CaseSerializer},
        parameters=[_CODE, KEY],
        tags=["feedback"],
    )
    @idempotent
    def post(self, request: Request, code: str) -> Response:
        """Complain about the handling itself. Auditors without a part in the case read and answer it (A6.1)."""
        ticket = self.ticket(request, code)
        form = serializers.AppealSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services_appeals.appeal(ticket, text=form.validated_data["text"], at=timezone.now())
        return self.case(ticket, status=status.HTTP_201_CREATED)


class FileView(CaseView):
    @extend_schema(operation_id="feedback_file", responses={(200, "*/*"): bytes}, parameters=[_CODE], tags=["feedback"])
    def get(self, request: Request, code: str, key: str) -> FileResponse:
        """One of the files that stand under `messages`, by its `id`."""
        attachment = self.ticket(request, code).attachments.filter(internal=False, key=key).first()
        if attachment is None:
            raise Http404
        return file_answers.respond(attachment, request._request)  # type: ignore[return-value]
