"""Signatures of calls between programs, by the rules of Standard Webhooks: one place for those that come and those that go.

    webhook-id: evt_1                    the sender's own, the same when it is sent again
    webhook-timestamp: 1764150000        seconds since 1970, at most five minutes off
    webhook-signature: v1,<base64>       HMAC-SHA256 of "id.timestamp.body" with the raw body; several, by blanks

Pure. A receiver calls `verified` before it reads the body, stores the event under its id in the transaction of its work
(a unique index makes the second one nothing), and answers 2xx only after that (DI-8).
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

TOLERANCE = timedelta(minutes=5)
LARGEST = 2**20  # bytes of a body
LONGEST_ID = 200
PREFIX = "whsec_"


class NotSigned(Exception):
    """The call is not from who it should be from, or too old; the message is for the one who sets the sender up."""


def key_of(secret: str) -> bytes:
    """The bytes of a secret: `whsec_` and base64 as the standard has it, anything else as it is written."""
    if secret.startswith(PREFIX):
        try:
            return base64.b64decode(secret[len(PREFIX) :], validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def signature(secret: str, *, event_id: str, at: datetime, body: bytes) -> str:
    """The value of `webhook-signature`."""
    said = b".".join((event_id.encode(), str(int(at.timestamp())).encode(), body))
    return "v1," + base64.b64encode(hmac.new(key_of(secret), said, hashlib.sha256).digest()).decode()


def headers(secret: str, *, event_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """What a sender adds to its request."""
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature(secret, event_id=event_id, at=at, body=body),
    }


def verified(given: Mapping[str, str], body: bytes, *, secrets: Iterable[str], at: datetime) -> str:
    """The event's id. Any of `secrets` may have signed, so that one can be changed without a gap. Raises NotSigned.

    Every signature is compared in constant time, and the time only after that: who has no secret learns nothing.
    """
    event_id = given.get("webhook-id", "")
    stated = given.get("webhook-timestamp", "")
    signed = given.get("webhook-signature", "").split()[:10]
    if not event_id or len(event_id) > LONGEST_ID or not event_id.isprintable():
        raise NotSigned(_("The header webhook-id is missing or longer than 200 characters."))
    if not (stated.isascii() and stated.isdigit() and len(stated) <= 12):
        raise NotSigned(_("The header webhook-timestamp has to be seconds since 1970."))
    moment = datetime.fromtimestamp(int(stated), tz=at.tzinfo)
    right = False
    for secret in secrets:
        if not secret:
            continue
        ours = signature(secret, event_id=event_id, at=moment, body=body).encode()
        for theirs in signed:
            right |= hmac.compare_digest(ours, theirs.encode("utf-8", "surrogateescape"))
    if not right:
        raise NotSigned(_("The signature does not fit the body."))
    if abs(at - moment) > TOLERANCE:
        raise NotSigned(_("The call is more than five minutes old, or from the future; is a clock wrong?"))
    return event_id
