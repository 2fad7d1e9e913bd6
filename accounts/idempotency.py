"""The same call twice is one call (DI-6, DI-7).

    @idempotent                      # on an API view's `post`: honours the `Idempotency-Key` header
    def post(self, request): ...

    with transaction.atomic():       # anywhere else, for example a form with its token
        call = claim(key=token, caller="form", path="/", body=digest_of(request), at=now)
        if call.answer is None:
            ...the work...
            call.keep(302, {"receipt": receipt})

The row is written in the transaction of the work, so that both stay or both go. A second call meets the unique
index: it waits until the first is done and gets the same answer; after ten seconds it is told to come back.
The answer is sealed with a key made from the caller's own key, which is not stored: at rest nobody can read it.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, wraps
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import OperationalError, transaction
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken, IdempotentCall
from common import prepared
from common.remembered import Marks, Question, question

HEADER = "Idempotency-Key"
KEY = OpenApiParameter(HEADER, str, OpenApiParameter.HEADER, description="The same key and body get the same answer.")
"""How the schema tells of it."""
REPLAYED = "Idempotent-Replayed"
LONGEST_KEY = 255
WAIT_SECONDS = 10
NONCE = 12  # bytes before what is sealed


class KeyReused(APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency-key-reused"
    default_detail = _("This Idempotency-Key was already used with another content.")


class StillRunning(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "still-running"
    default_detail = _("The first call with this Idempotency-Key is still running. Try again in a moment.")
    wait = 2


@dataclass(frozen=True)
class Answer:
    status: int
    data: Any


@dataclass
class Call:
    """A claimed key. `answer` is what the first call got, or None: then it is ours to do."""

    seal: AESGCM = field(repr=False)  # made before the work, which holds locks at its end
    key_digest: str
    settings: Marks = field(default_factory=dict, repr=False)  # for work within `looked_at_once`
    answer: Answer | None = None
    is_kept: bool = False  # the answer of the work is stored, or on its way

    def keep(self, code: int, data: Any) -> None:
        """Store the answer, in the same transaction as the work. One query."""
        prepared.run(*self.keeping(code, data))

    def keeping(self, code: int, data: Any) -> prepared.Statement:
        """The statement that does so, for whoever sends it along with the last of the work."""
        self.is_kept = True
        return _KEEP, [code, _closed(JSONRenderer().render(data), self.seal), self.key_digest]


def kept(*, key: str, caller: str, path: str) -> Answer | None:
    """The answer that a key has got, without claiming it; None when there is none, or no longer. One query."""
    row = IdempotentCall.objects.filter(key_digest=_named(caller, path, key)).exclude(sealed_answer=None).first()
    return _open(row, _seal(key)) if row else None


_KEEP = "UPDATE accounts_idempotentcall SET status = %s, sealed_answer = %s WHERE key_digest = %s"
_LIMIT = "SELECT set_config('lock_timeout', %s, true)"
# The count reads all of `mine`, so the limit ends after the row is in, or there already.
_CLAIM = """
WITH mine AS (
    INSERT INTO accounts_idempotentcall (key_digest, body_digest, at) VALUES (%s, %s, %s)
    ON CONFLICT (key_digest) DO NOTHING RETURNING id
)
SELECT count(*), set_config('lock_timeout', '0', true), {settings} FROM mine
"""


@lru_cache(maxsize=64)
def _claiming(settings: Question) -> str:
    return _CLAIM.replace("{settings}", settings.column)


def claim(*, key: str, caller: str, path: str, body: str, at: datetime) -> Call:
    """Claim `key` for this caller and path, inside a transaction. One query, which tells the versions of the settings as well,
    so that the work need not ask; two when it was used before.

    `body` is a digest of what is asked. Raises KeyReused when the same key came with another body, or its answer can no
    longer be read; StillRunning when the first call has not ended after ten seconds. Either way the caller's transaction can
    only be rolled back.
    """
    named = _named(caller, path, key)
    call = Call(_seal(key), named)
    settings = question()
    limit, claiming = (_LIMIT, [f"{WAIT_SECONDS}s"]), (_claiming(settings), [named, body, at])
    try:
        ((ours, _limit, versions),) = prepared.run_together([limit, claiming])
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") == "55P03":  # lock_not_available
            raise StillRunning from error
        raise
    if ours:
        call.settings = settings.answered(versions)
        return call
    row = IdempotentCall.objects.get(key_digest=named)
    if row.body_digest != body:
        raise KeyReused
    if row.sealed_answer is None:
        raise StillRunning
    call.answer = _open(row, call.seal)
    if call.answer is None:
        raise KeyReused
    return call


def _named(caller: str, path: str, key: str) -> str:
    return hashlib.sha256("\0".join((caller, path, key)).encode()).hexdigest()


def _closed(answer: bytes, seal: AESGCM) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + seal.encrypt(nonce, answer, None)


def _open(row: IdempotentCall, seal: AESGCM) -> Answer | None:
    """None when `SECRET_KEY` has changed meanwhile."""
    sealed = bytes(row.sealed_answer or b"")
    try:
        answer = seal.decrypt(sealed[:NONCE], sealed[NONCE:], None)
    except InvalidTag:
        return None
    return Answer(row.status or 200, json.loads(answer))


def idempotent(handler: Callable[..., Response]) -> Callable[..., Response]:
    """Make an API view's method honour `Idempotency-Key`. Only successes are kept: after an error the key is free.

    The view finds the claimed key as its `call`, and may send the kept answer along with its own work (`Call.keeping`).
    """

    @wraps(handler)
    def wrapped(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER, "")
        if not key:
            return handler(view, request, *args, **kwargs)
        if len(key) > LONGEST_KEY or not key.isprintable():
            raise ValidationError({HEADER: [_("At most 255 printable characters.")]})
        with transaction.atomic():
            call = claim(key=key, caller=caller_of(request), path="", body=digest_of_call(request), at=timezone.now())
            if call.answer:
                return Response(call.answer.data, status=call.answer.status, headers={REPLAYED: "true"})
            view.call = call
            response = handler(view, request, *args, **kwargs)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            elif not call.is_kept:
                call.keep(response.status_code, response.data)
            return response

    wrapped.idempotent = True  # type: ignore[attr-defined]
    return wrapped


def caller_of(request: Request) -> str:
    if isinstance(request.auth, ApiToken):
        return f"token {request.auth.pk}"
    return f"user {request.user.pk}" if request.user.is_authenticated else "anonymous"


def digest_of_call(request: Request) -> str:
    """Of method, address and body: one key is one call, so that the same key at another address is refused too."""
    asked = f"{request.method} {request.get_full_path()} {digest_of(request)}"
    return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()


def digest_of(request: Request | HttpRequest) -> str:
    """What is asked, whatever its wire form: key order, white space and multipart boundaries do not count."""
    data = request.data if isinstance(request, Request) else request.POST
    if isinstance(data, QueryDict):
        files = {name: data.getlist(name) for name in data if name in request.FILES}
        for name in request.FILES:
            files.setdefault(name, request.FILES.getlist(name))
        fields = [(name, data.getlist(name)) for name in sorted(data) if name not in files]
        plain: Any = [fields, [(name, [_digest_of_file(file) for file in files[name]]) for name in sorted(files)]]
    else:
        plain = data
    return hashlib.sha256(json.dumps(plain, sort_keys=True, default=str).encode()).hexdigest()


def _digest_of_file(file: Any) -> list[Any]:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return [file.name, digest.hexdigest()]


def _seal(key: str) -> AESGCM:
    return AESGCM(hmac.digest(settings.SECRET_KEY.encode(), b"huisheng idempotent answer " + key.encode(), "sha256"))
