"""Calls of other machines at `/hooks/…`: signed, dated, and done once (DI-8).

    class Calls(SignedView):
        def secrets_of(self, **address): return [row.secret, …]       # none: 404, as for an unknown source
        def take(self, event): return {"number": …}                   # plain values; kept for a repeated event

An event that comes again gets the answer of the first time; the same id with another body is 422. The work and the
record that it was done are one transaction: 2xx means that it is stored.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.idempotency import REPLAYED, KeyReused, claim
from accounts.throttles import PublicThrottle
from common import signatures
from common.parsers import SafeJSONParser, TooLarge, largest, loads


class NotSigned(APIException):
    status_code = status.HTTP_401_UNAUTHORIZED
    default_code = "bad-signature"
    title = _("Not signed as it has to be")


@dataclass(frozen=True)
class Event:
    """A signed call: its own id, its body as it came, what the body says, and when it came."""

    id: str
    raw: bytes
    data: Any
    at: datetime
    address: dict[str, Any]


class SignedView(APIView):
    """One address of another machine. Not in the schema: the sender's own manual says what it sends."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes = [PublicThrottle]
    parser_classes = [SafeJSONParser]
    public_rate = "hook"
    schema = None

    def secrets_of(self, **address: Any) -> Sequence[str]:
        raise NotImplementedError

    def take(self, event: Event) -> dict[str, Any]:
        raise NotImplementedError

    def post(self, request: Request, **address: Any) -> Response:
        raw = body_of(request)
        secrets = self.secrets_of(**address)
        if not secrets:
            raise Http404
        at = timezone.now()
        try:
            event_id = signatures.check(secrets, request.headers, raw, at=at)
        except signatures.BadSignature as bad:
            raise NotSigned(str(bad)) from None
        event = Event(event_id, raw, loads(raw), at, address)
        with transaction.atomic():
            try:
                call = claim(
                    key=event_id, caller="hook", path=request.path, body=hashlib.sha256(raw).hexdigest(), at=at
                )
            except KeyReused:
                raise KeyReused(_("This webhook-id was already used with another body.")) from None
            if call.answer:
                return Response(call.answer.data, headers={REPLAYED: "true"})
            answer = self.take(event)
            call.keep(status.HTTP_200_OK, answer)
        return Response(answer)


def body_of(request: Request) -> bytes:
    """The bytes that were signed, before anything reads them. Raises TooLarge."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if declared.isdigit() and int(declared) > largest():
        raise TooLarge
    return request._request.body
