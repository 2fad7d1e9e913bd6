"""Who may open a page at all. Which tickets they then see is decided by `Ticket.objects.visible_to`."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.models import User

View = Callable[..., HttpResponse]


def page_of(request: HttpRequest) -> str:
    """Where somebody goes on after signing in: this page, or the one that a form, or a part asked for by a script, stood on."""
    in_part = request.headers.get("HX-Request") == "true"
    if not in_part and request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    before = urlsplit(request.headers.get("HX-Current-URL" if in_part else "Referer", ""))
    ours = before.netloc == request.get_host() and not before.path.startswith("//")
    return (before.path or "/") + (f"?{before.query}" if before.query else "") if ours else "/"


def staff_required(view: View) -> View:
    """Anybody who works here and holds a role; others are led to the sign-in page, or get 403."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(page_of(request))
        if request.user.is_app or not request.user.roles:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapped


def role_required(*roles: str) -> Callable[[View], View]:
    """One of the roles; a colleague with none of them gets the 403 page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not cast(User, request.user).has_role(*roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return staff_required(wrapped)

    return decorate
