"""Signing out who has left: after `SESSION_IDLE_MINUTES` without a sign of life, and after a working day (S-7).

What a page asks by itself every few seconds (`X-Quiet`) is no sign of life; typing is, which `static/js/idle.js` tells.
"""

import time
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import page_of

SEEN, SINCE = "seen", "since"
STEP = 60
"""Seconds between two notes of the same person's life, so that a click costs no write."""


def begin(request: HttpRequest | None, **_sender: Any) -> None:
    """Somebody has just signed in."""
    if request is not None:
        request.session[SINCE] = request.session[SEEN] = int(time.time())


class IdleMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            if why := ended(request, time.time()):
                logout(request)
                if not request.path.startswith("/api/"):
                    messages.info(request, why)
            elif "X-Quiet" not in request.headers:
                note(request, time.time())
        return back_to_the_page(request, self.get_response(request))


def ended(request: HttpRequest, now: float) -> str:
    """Why this session is over, in the person's words; empty while it holds."""
    seen, since = request.session.get(SEEN, now), request.session.get(SINCE, now)
    minutes = settings.SESSION_IDLE_MINUTES
    if minutes and now - seen > minutes * 60:
        text = ngettext(
            "You were signed out after %(n)s minute without activity. What you had typed is kept in this browser.",
            "You were signed out after %(n)s minutes without activity. What you had typed is kept in this browser.",
            minutes,
        )
        return text % {"n": minutes}
    if now - since > settings.SESSION_COOKIE_AGE:
        return _("A working day is over, so please sign in again. What you had typed is kept in this browser.")
    return ""


def note(request: HttpRequest, now: float) -> None:
    request.session.setdefault(SINCE, int(now))
    if now - request.session.get(SEEN, 0) > STEP:
        request.session[SEEN] = int(now)


@cache
def sign_in_page() -> str:
    return resolve_url(settings.LOGIN_URL)


def back_to_the_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Who is sent to sign in comes back to the page they were on, never to an address that only takes forms; and the whole
    page goes, not the part of it that a script asked for. Who goes to the sign-in page by themselves just goes there.
    """
    if response.status_code != 302:
        return response
    target = response.headers.get("Location", "")
    place = urlsplit(target)
    if place.path != sign_in_page():
        return response
    if parse_qs(place.query).get("next") == [request.get_full_path()]:
        target = redirect_to_login(page_of(request)).url
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    response.headers["Location"] = target
    return response
