"""Signed messages between machines after Standard Webhooks: sign what leaves, check what comes (DI-8). Pure.

`webhook-signature: v1,<base64>` is HMAC-SHA256 over `webhook-id.webhook-timestamp.body`. A secret is written
`whsec_<base64>`; several may hold at once while one is being replaced.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

TOLERANCE = timedelta(minutes=5)
PREFIX = "whsec_"
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
LONGEST_ID = 200
MOST_SIGNATURES = 10


class BadSignature(Exception):
    """Not signed, signed wrongly, or too long ago. The text is for whoever sets the sender up."""


def new_secret() -> str:
    """256 random bits."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def key_of(secret: str) -> bytes:
    """The bytes that sign: what follows `whsec_` in base64 (padded or not), any other secret as it is written."""
    if secret.startswith(PREFIX):
        try:
            written = secret[len(PREFIX) :]
            return base64.b64decode(written + "=" * (-len(written) % 4), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def sign(secret: str, *, message_id: str, at: datetime, body: bytes) -> str:
    """One signature of the header `webhook-signature`; `at` counts in whole seconds."""
    signed = b".".join((message_id.encode(), str(int(at.timestamp())).encode(), body))
    return "v1," + base64.b64encode(hmac.new(key_of(secret), signed, hashlib.sha256).digest()).decode()


def headers_of(secret: str, *, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers that go with a body."""
    return {
        ID: message_id,
        TIMESTAMP: str(int(at.timestamp())),
        SIGNATURE: sign(secret, message_id=message_id, at=at, body=body),
    }


def check(secrets_held: Iterable[str], headers: Mapping[str, str], body: bytes, *, at: datetime) -> str:
    """The message's own id, once one of the secrets signed this body within five minutes of `at`. Raises BadSignature."""
    message_id, moment, given = (headers.get(name, "") for name in (ID, TIMESTAMP, SIGNATURE))
    if not (message_id and moment and given):
        raise BadSignature(_("The headers webhook-id, webhook-timestamp and webhook-signature are needed."))
    if len(message_id) > LONGEST_ID or not message_id.isascii() or not message_id.isprintable():
        raise BadSignature(_("The webhook-id has to be at most 200 printable ASCII characters."))
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 12):
        raise BadSignature(_("The webhook-timestamp has to be whole seconds since 1970."))
    if abs(int(moment) - at.timestamp()) > TOLERANCE.total_seconds():
        raise BadSignature(_("The webhook-timestamp is more than five minutes away from our clock."))
    signed = b".".join((message_id.encode(), moment.encode(), body))
    told = [part.partition(",")[2].encode() for part in given.split()[:MOST_SIGNATURES] if part.startswith("v1,")]
    matched = False
    for secret in secrets_held:
        right = base64.b64encode(hmac.new(key_of(secret), signed, hashlib.sha256).digest())
        for one in told:  # all are compared, so that the time taken tells nothing
            matched |= hmac.compare_digest(right, one)
    if not matched:
        raise BadSignature(_("The signature does not fit the body."))
    return message_id
