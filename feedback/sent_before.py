"""The form that a browser sent last, for ten minutes: who goes back without scripts gets a form with a new token, and what
is sent again in the same words, without a new file, is the same form (decisions 0086 and 0075)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from feedback.channels import web

COOKIE, MINUTES = "sent", 10


def earlier_key(request: HttpRequest, fields: dict[str, Any], *, receipt: Callable[[str], object]) -> str | None:
    """The key of the receipt that this browser got for these words a moment ago; `receipt` looks it up. A query, and only
    when it sent some.
    """
    token = request.COOKIES.get(COOKIE, "")
    if not token or not fields["token"]:  # our form has one; what has none is no page that was gone back to
        return None
    key = web.key_of(fields, token=token)
    return key if receipt(key) else None


def remember(response: HttpResponse, key: str, *, secure: bool) -> HttpResponse:
    """The token alone is kept, and opens what the address of the receipt opens; the words are not in it."""
    response.set_cookie(
        COOKIE, key.partition(".")[0], max_age=MINUTES * 60, httponly=True, samesite="Lax", secure=secure
    )
    return response
