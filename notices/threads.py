"""The reference that a mail of ours carries, signed for the case and the one it was written to (S-6).

`Q20260105-000001.k3v5…` stands in the Message-ID, in the reply address where the mail server takes such, and at the foot of
the text. It shows that an answer belongs to a case; it opens nothing: who may say something there is judged by the sender.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator

from django.conf import settings

from notices.models import Notice

_LENGTH = 16
_REFERENCE = re.compile(
    r"(?<![A-Za-z0-9_.-])([A-Za-z0-9][A-Za-z0-9_-]{3,39})\.([a-z2-7]{16})(?![a-z2-7])", re.IGNORECASE
)
_TOPIC = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{3,39}")
_MOST = 50


def token(topic: str, address: str) -> str:
    """80 bits that nobody can make who has not our key."""
    said = f"{topic.lower()}|{address.lower()}".encode()
    key = hashlib.sha256(b"notices.threads|" + settings.SECRET_KEY.encode()).digest()
    return base64.b32encode(hmac.new(key, said, hashlib.sha256).digest()).decode().lower()[:_LENGTH]


def reference(topic: str, address: str) -> str:
    """What stands in the mail; empty for a topic that cannot stand in an address."""
    return f"{topic}.{token(topic, address)}" if _TOPIC.fullmatch(topic) else ""


def references(text: str) -> Iterator[tuple[str, str]]:
    """Topic and token of everything in a text that looks like one of ours, in its order."""
    for count, found in enumerate(_REFERENCE.finditer(text)):
        if count == _MOST:
            return
        yield found[1], found[2].lower()


def is_signed(topic: str, signature: str, address: str) -> bool:
    return hmac.compare_digest(token(topic, address), signature)


def message_id(notice: Notice) -> str:
    """Stable for a notice, so that a second copy is known as one."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    signed = reference(notice.topic, recipient(notice))
    return f"<{signed or 'notice'}.{notice.pk}.{int(notice.created_at.timestamp())}@{domain}>"


def recipient(notice: Notice) -> str:
    return notice.address or (notice.user.email if notice.user else "")


def reply_to(notice: Notice) -> str:
    """The mailbox where an answer is read: the one that the case came to, else our own address."""
    address = str(notice.context.get("mailbox") or settings.DEFAULT_FROM_EMAIL)
    signed = reference(notice.topic, recipient(notice))
    local, at, domain = address.rpartition("@")
    return f"{local}+{signed}{at}{domain}" if signed and settings.MAIL_REPLY_TAGS and "<" not in address else address
