"""Bearer tokens of apps, and the permission that reads their scopes."""

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import ApiToken, User

if TYPE_CHECKING:  # DRF's views import this module
    from rest_framework.views import APIView

PREFIX = "hs_"


def new_token() -> str:
    """A fresh token, 256 random bits. Shown once; only `digest` of it is stored."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`. One query. The cookie of a session beside it is ignored."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _blank, credential = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        found = (
            ApiToken.objects.valid(timezone.now())
            .select_related("user")
            .filter(digest=digest(credential.strip().decode("latin-1")))
            .first()
        )
        if found is None:
            raise AuthenticationFailed(_("This token is unknown, has ended or was revoked."))
        return found.user, found

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class HasScope(BasePermission):
    """A view states `scopes = {"GET": "read", "POST": "manage"}`; a tuple means any of them.

    A token must hold the scope. A signed-in colleague passes: what they see and move is decided by
    `visible_to` and `tickets.access.may`. A method that is not stated is refused to everybody.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        user = request.user
        if not (user and user.is_authenticated and user.is_active):
            return False
        wanted = wanted_scopes(getattr(view, "scopes", {}), request.method or "")
        if not wanted:
            return False
        if isinstance(request.auth, ApiToken):
            self.message = needs_scope(wanted)
            return not wanted.isdisjoint(request.auth.scopes)
        return not user.is_app


def needs_scope(wanted: set[str]) -> str:
    return _("This token lacks the scope %(scopes)s.") % {"scopes": " / ".join(sorted(wanted))}


def wanted_scopes(scopes: dict[str, Any], method: str) -> set[str]:
    """The scopes of which one opens `method`; HEAD is a GET, OPTIONS is open to whoever may do anything here."""
    if method == "OPTIONS":
        stated = list(scopes.values())
    else:
        stated = [scopes.get("GET" if method == "HEAD" else method)]
    wanted: set[str] = set()
    for scope in stated:
        wanted.update([scope] if isinstance(scope, str) else scope or ())
    return wanted
