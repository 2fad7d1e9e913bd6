"""The form inside other sites: a script that they include, and pages that only they may frame (C2.1).

Which sites: the setting `WIDGET_ORIGINS`; without it none of these addresses exists. Inside a frame of another site a
browser gives no cookies along, so that the usual token against forged forms cannot be; nothing here asks who is signed in,
and a form that was not filled in here is known by its `Origin`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from csp.constants import SELF
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import in_language_asked
from accounts.throttles import limited
from feedback.views import READING, form_page, private, receipt_page

FRAME = "embed.html"
View = Callable[..., HttpResponse]


def framed(view: View) -> View:
    """May stand in a frame of the listed origins, and of no other."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.WIDGET_ORIGINS:
            raise Http404
        response = view(request, *args, **kwargs)
        response.xframe_options_exempt = True  # type: ignore[attr-defined]
        response._csp_replace = {"frame-ancestors": [SELF, *settings.WIDGET_ORIGINS]}  # type: ignore[attr-defined]
        return response

    return wrapped


def filled_in_here(request: HttpRequest) -> bool:
    """Whether the form was sent from a page of ours. Every browser says so that can show the frame at all."""
    origin = request.headers.get("Origin", "")
    return urlsplit(origin).netloc == request.get_host()


@csrf_exempt  # inside another site no cookie comes along; the origin is checked instead
@framed
@in_language_asked
@never_cache
@require_http_methods(READING)
@limited("submit")
def embed(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and not filled_in_here(request):
        raise PermissionDenied
    return form_page(request, frame=FRAME, here="embed")


@framed
@in_language_asked
@private
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    return receipt_page(request, token, frame=FRAME, here="embed")


@require_safe
def widget(request: HttpRequest) -> HttpResponse:
    """The script that another site includes: a button that opens the form."""
    if not settings.WIDGET_ORIGINS:
        raise Http404
    response = render(request, "feedback/widget.js", content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
