"""What every request gets: an id, a line in the log, safe headers with the policy, and a refusal of addresses with a NUL."""

import logging
import time
import uuid
from collections.abc import Callable
from functools import cached_property

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from common.logs import request_id
from common.problems import bad_request, is_api

logger = logging.getLogger("huisheng.request")

_PERMISSIONS = "camera=(self), microphone=(self), geolocation=(), payment=(), usb=(), interest-cohort=()"

Get = Callable[[HttpRequest], HttpResponse]


class PolicyMiddleware(CSPMiddleware):
    """The policy of nearly every answer is the same, so it is worded once; the library words what a view has changed."""

    @cached_property
    def worded(self) -> str:
        return build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if any(name.startswith("_csp_") for name in (*vars(response), *vars(request))):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.worded)
        return response


class RequestMiddleware:
    """The id is ours, not the caller's; it stands in the log, in `X-Request-ID` and in every problem."""

    def __init__(self, get_response: Get) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.monotonic()
        request.request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        mark = request_id.set(request.request_id)  # type: ignore[attr-defined]
        try:
            if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
                response = bad_request(request, BadRequest())
            else:
                response = self.get_response(request)
            response.headers["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
            response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
            response.headers.setdefault("X-Content-Type-Options", "nosniff")
            response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY or "same-origin")
            if is_private(request):
                response.headers.setdefault("Cache-Control", "no-store")
            self._log(request, response, begun)
            return response
        finally:
            request_id.reset(mark)

    def _log(self, request: HttpRequest, response: HttpResponse, begun: float) -> None:
        match = request.resolver_match
        session = getattr(request, "session", None)
        facts = {
            "method": request.method,
            "route": match.route if match else "",
            "status": response.status_code,
            "ms": round((time.monotonic() - begun) * 1000, 1),
            "user": session.get("_auth_user_id", "") if session is not None and session.accessed else "",
        }
        logger.info("request", extra=facts)


def is_private(request: HttpRequest) -> bool:
    """Pages of somebody who is signed in, and every answer of the API, are in no cache."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or request.path.startswith("/api/")


class EmptyQueryMiddleware:
    """What is empty in a query of the API asks for nothing, whatever is asked: `?rating=&q=x` is `?q=x` (decision 0094)."""

    def __init__(self, get_response: Get) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_api(request) and not all(value for _name, values in request.GET.lists() for value in values):
            said = request.GET.copy()
            for name, values in request.GET.lists():
                said.setlist(name, [value for value in values if value])
                if not said.getlist(name):
                    del said[name]
            request.GET = said  # type: ignore[assignment]
        return self.get_response(request)


class MethodPageMiddleware:
    """Whoever opens the address of a form by itself, as after signing in again, gets words and not an empty page."""

    def __init__(self, get_response: Get) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content or request.method != "GET" or is_api(request):
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers.get("Allow", "POST")
        return page
