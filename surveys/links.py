"""The signed link to a follow-up's question. Not stored: the row's state and end say whether it still counts."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

_SALT = "surveys.follow_up"


def token(follow_up_id: int, customer_id: int | None) -> str:
    return signing.Signer(salt=_SALT).sign(f"{follow_up_id}-{customer_id or 0}").replace(":", ".")


def url(follow_up_id: int, customer_id: int | None) -> str:
    return settings.PUBLIC_BASE_URL + reverse("surveys:answer", args=[token(follow_up_id, customer_id)])


def read(text: str) -> tuple[int, int | None] | None:
    """The ids of the follow-up and of the customer who was asked, or None for a link that we did not sign."""
    try:
        follow_up, _hyphen, customer = signing.Signer(salt=_SALT).unsign(text.replace(".", ":", 1)).partition("-")
        return int(follow_up), int(customer) or None
    except (signing.BadSignature, ValueError):
        return None
