"""The signed link to a follow-up's question. Not stored: the row's state and end say whether it still counts."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

_SALT = "surveys.follow_up"


def token(follow_up_id: int) -> str:
    return signing.Signer(salt=_SALT).sign(str(follow_up_id)).replace(":", ".")


def url(follow_up_id: int) -> str:
    return settings.PUBLIC_BASE_URL + reverse("surveys:answer", args=[token(follow_up_id)])


def read(text: str) -> int | None:
    """The follow-up's id, or None for a link that we did not sign."""
    try:
        return int(signing.Signer(salt=_SALT).unsign(text.replace(".", ":", 1)))
    except (signing.BadSignature, ValueError):
        return None
