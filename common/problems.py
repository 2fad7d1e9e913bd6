"""Errors of the API as RFC 9457 `application/problem+json`: type, title, status, detail, errors by field.

An app registers its own exceptions in its `AppConfig.ready()`:
    problems.register(StaleTicket, 409, code="stale-ticket", build=lambda error: {"version": …, "newer": […]})
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

MEDIA_TYPE = "application/problem+json"

NOTHING_HERE = _("There is nothing at this address, or it is not yours to see.")
TOO_SLOW = _("More was asked for than can be looked through in time. Ask for less: one more word, a shorter time.")
TITLES = {
    400: _("The request cannot be understood"),
    401: _("Sign in first"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("This address does not take that method"),
    406: _("Only JSON is given here"),
    409: _("It does not fit the present state"),
    413: _("Too large"),
    415: _("This kind of content is not taken here"),
    422: _("It cannot be done"),
    429: _("Too many calls"),
    500: _("Something went wrong here"),
    503: _("Not available at the moment"),
}


@dataclass(frozen=True)
class _Rule:
    status: int
    code: str
    build: Callable[[Any], dict[str, Any]] | None


_rules: dict[type[BaseException], _Rule] = {}


def register(
    kind: type[BaseException], status: int, *, code: str, build: Callable[[Any], dict[str, Any]] | None = None
) -> None:
    """How an exception is answered. Its message must be for the reader; `build` gives further members."""
    _rules[kind] = _Rule(status, code, build)


register(BadRequest, 400, code="bad-request")
register(SuspiciousOperation, 400, code="bad-request")
register(RequestDataTooBig, 413, code="too-large")


def problem(
    status: int, *, code: str = "", detail: object = "", request_id: str = "", **members: Any
) -> dict[str, Any]:
    """The members of a problem; `type` is a relative reference, `errors` is always there."""
    title = str(TITLES.get(status, TITLES[400 if status < 500 else 500]))
    body = {
        "type": f"/problems/{code}" if code else "about:blank",
        "title": title,
        "status": status,
        "detail": str(detail) or title,
        "errors": {},
        **members,
    }
    return body | ({"request_id": request_id} if request_id else {})


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's `EXCEPTION_HANDLER`. None, and so a 500, only for what nobody foresaw."""
    request = context.get("request")
    built = _describe(error)
    if built is None:
        return None
    status, headers, members = built
    set_rollback()
    body = problem(status, request_id=getattr(request, "request_id", ""), **members)
    return Response(body, status=status, headers=headers, content_type=MEDIA_TYPE)


def _describe(error: Exception) -> tuple[int, dict[str, str], dict[str, Any]] | None:
    for kind in type(error).__mro__:
        if rule := _rules.get(kind):
            members = rule.build(error) if rule.build else {}
            detail = "" if kind in {BadRequest, SuspiciousOperation, RequestDataTooBig} else str(error)
            return rule.status, {}, {"code": rule.code, "detail": detail, **members}
    if isinstance(error, Http404):
        return 404, {}, {"code": "not-found", "detail": NOTHING_HERE}
    if isinstance(error, PermissionDenied | exceptions.PermissionDenied):
        return 403, {}, {"code": "not-allowed", "detail": str(error)}
    if isinstance(error, ModelValidationError):
        error = exceptions.ValidationError(
            error.message_dict if hasattr(error, "error_dict") else {"non_field_errors": error.messages}
        )
    if isinstance(error, exceptions.ValidationError):
        return 400, {}, {"code": "invalid", "detail": _("Check these fields."), "errors": fields_of(error.detail)}
    if isinstance(error, exceptions.APIException):
        return _describe_drf(error)
    if isinstance(error, DataError):
        return 400, {}, {"code": "bad-request"}
    if took_too_long(error):
        return 503, {}, {"code": "too-slow", "detail": TOO_SLOW}
    if isinstance(error, OperationalError):
        return 503, {"Retry-After": "5"}, {"code": "unavailable"}
    return None


def _describe_drf(error: exceptions.APIException) -> tuple[int, dict[str, str], dict[str, Any]]:
    headers = {}
    if challenge := getattr(error, "auth_header", ""):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + (wait % 1 > 0))
    code = str(error.default_code).replace("_", "-")
    members = {"code": code, "detail": error.detail, "errors": getattr(error, "errors", {})}
    if title := getattr(error, "title", ""):
        members["title"] = str(title)
    return error.status_code, headers, members


def fields_of(detail: Any, name: str = "") -> dict[str, list[str]]:
    """DRF's nested detail as one level: `{"customer.phone": ["…"]}`; what belongs to no field is `non_field_errors`."""
    if isinstance(detail, dict):
        flat: dict[str, list[str]] = {}
        for key, value in detail.items():
            flat |= fields_of(value, f"{name}.{key}" if name else str(key))
        return flat
    rows = detail if isinstance(detail, list) else [detail]
    if any(isinstance(row, dict) for row in rows):
        flat = {}
        for position, row in enumerate(rows):
            if row:
                flat |= fields_of(row, f"{name}.{position}" if name else str(position))
        return flat
    return {name or "non_field_errors": [str(row) for row in rows]}


def took_too_long(error: BaseException | None) -> bool:
    """Whether the database left off, because a statement of the web server may take `WEB_QUERY_SECONDS` and no more."""
    return isinstance(error, OperationalError) and getattr(error.__cause__, "pgcode", "") == "57014"  # query_canceled


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _json(request: HttpRequest, status: int, code: str) -> JsonResponse:
    body = problem(status, code=code, request_id=getattr(request, "request_id", ""))
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    if is_api(request):
        return _json(request, status, "too-large" if status == 413 else "bad-request")
    page = defaults.bad_request(request, exception)
    page.status_code = status
    return page


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return _json(request, 403, "not-allowed")
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _json(request, 404, "not-found") if is_api(request) else defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database is away: it is worth coming back."""
    error = sys.exc_info()[1]
    if took_too_long(error) and not is_api(request):
        return render(request, "503.html", {"words": TOO_SLOW}, status=503)
    away = isinstance(error, OperationalError)
    status, code = (503, "unavailable") if away else (500, "server-error")
    page = _json(request, status, code) if is_api(request) else defaults.server_error(request)
    page.status_code = status
    if away:
        page.headers["Retry-After"] = "5"
    return page
