"""The language of a page: the person's own, else the cookie, else what the browser asks for."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

SESSION_KEY = "language"


class LanguageMiddleware:
    """Chinese first: a browser that asks for neither Chinese nor English gets `LANGUAGE_CODE`.

    A person's own language is put into the session when they sign in and when they change it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return answered(request, own(request) or asked_for(request), self.get_response)


def own(request: HttpRequest) -> str:
    """What was chosen here: kept with the session, or in the cookie of somebody who is not signed in."""
    known = dict(settings.LANGUAGES)
    for chosen in (request.session.get(SESSION_KEY), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)):
        if chosen in known:
            return str(chosen)
    return ""


def asked_for(request: HttpRequest) -> str:
    for part in request.headers.get("Accept-Language", "").split(","):
        code = part.split(";")[0].strip().lower()
        if code.startswith("zh"):
            return "zh-hans"
        if code.startswith("en"):
            return "en"
    return settings.LANGUAGE_CODE


def in_language_asked(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """`?language=` counts for this answer alone: a form in another site speaks the language of the page around it."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = request.GET.get("language", "")
        if language not in dict(settings.LANGUAGES):
            return view(request, *args, **kwargs)
        return answered(request, language, lambda request: view(request, *args, **kwargs))

    return wrapped


def answered(request: HttpRequest, language: str, view: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """In that language."""
    with translation.override(language):
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        response = view(request)
    response.headers.setdefault("Content-Language", language)
    return response
