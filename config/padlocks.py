"""What the schema tells of every call: its name, who may, how often, an example, and how it is refused.

Apart from `api_schema.py`, which DRF's views need first.
"""

from typing import Any, Literal

from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiExample
from rest_framework.permissions import AllowAny

from accounts import throttles, tokens
from common import problems
from common.fields import NamedOnly
from config import api_examples, api_words

MEDIA_TYPE = "application/problem+json"
ALWAYS = {
    400: "Something that was sent is not understood; `errors` names it.",
    401: "The token is missing, unknown or has ended.",
    403: "The token's scopes, or the caller's role, do not allow it.",
    406: "Another form of answer was asked for than the one there is.",
    429: "Too many calls; `Retry-After` tells when to come back.",
    503: "Not available at the moment; `Retry-After` tells when to come back.",
}
MISSING = {404: "There is no such thing, or the caller may not know of it."}
OF_BODIES = {413: "The body is too large.", 415: "The body is of another kind than the ones taken here."}
OF_POSTS = {
    409: "It does not fit the present state, or the first call with this key is still running.",
    422: "The `Idempotency-Key` was used for another call.",
}
CODES = {
    400: "invalid", 401: "not-authenticated", 403: "not-allowed", 404: "not-found", 406: "not-acceptable", 413: "too-large",
    415: "unsupported-media-type", 422: "idempotency-key-reused", 429: "throttled", 503: "unavailable",
}  # fmt: skip


def example_of(status: int) -> dict[str, Any]:
    """How such a refusal looks, in the reader's language."""
    errors = {"content": [_("Write something that can be read.")]} if status == 400 else {}
    return problems.problem(status, code=CODES.get(status, ""), request_id="0e39e9c21bb24118", errors=errors)


class Schema(AutoSchema):
    """A view may tell further refusals: `refusals = {412: "…"}`."""

    def get_summary(self) -> str:
        return str(api_words.NAMES[self.get_operation_id()])

    def get_description(self) -> str:  # type: ignore[override]
        told = (super().get_description(), self._who_may(), self._how_often())
        return "\n\n".join(one for one in told if one)

    def get_examples(self) -> list[OpenApiExample]:
        body = api_examples.BODIES.get(self.get_operation_id())
        return [OpenApiExample("body", value=body, request_only=True)] if body else []

    def get_auth(self) -> list[dict[str, Any]]:
        """With the scopes of which one is needed. What is open to everybody shows no padlock; it may take a token."""
        scopes = sorted(self._scopes())
        if self._is_open():
            return [{}, *({"bearer": [scope]} for scope in scopes)] if scopes else []
        rest = [one for one in super().get_auth() if "bearer" not in one]
        return [*({"bearer": [scope]} for scope in scopes), *rest]

    def _is_open(self) -> bool:
        return AllowAny in self.view.permission_classes

    def _scopes(self) -> set[str]:
        if self._is_open():
            return {scope} if (scope := getattr(self.view, "scope_of_tokens", "")) else set()
        return tokens.wanted_scopes(getattr(self.view, "scopes", {}), self.method)

    def _who_may(self) -> str:
        return api_words.who_may(self._scopes(), open_to_all=self._is_open())

    def _how_often(self) -> str:
        public = any(issubclass(one, throttles.PublicThrottle) for one in self.view.throttle_classes)
        return api_words.how_often(throttles.public_rate(self.view, self.method) if public else None)

    def _get_parameters(self) -> list[dict[str, Any]]:
        """An empty value in a query asks for nothing (`common.middleware.EmptyQueryMiddleware`)."""
        told = super()._get_parameters()
        for one in told:
            if one["in"] == "query" and not one.get("required"):
                one["allowEmptyValue"] = True
        return told

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> dict[str, Any]:
        """What takes its own fields only says so."""
        told = super()._map_basic_serializer(serializer, direction)
        return told | ({"additionalProperties": False} if isinstance(serializer, NamedOnly) else {})

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        told = super()._get_response_bodies(direction)
        for status, description in self._refusals().items():
            content = {MEDIA_TYPE: {"schema": self._problem(), "example": example_of(status)}}
            told.setdefault(str(status), {"description": description})["content"] = content
        return dict(sorted(told.items()))

    def _refusals(self) -> dict[int, str]:
        found = dict(ALWAYS)
        if "{" in self.path:
            found |= MISSING
        if self.method in {"POST", "PUT", "PATCH"}:
            found |= OF_BODIES
        if self.method == "POST":
            found |= OF_POSTS
        return found | getattr(self.view, "refusals", {})

    def _problem(self) -> dict[str, str]:
        component = ResolvedComponent(
            name="Problem", type=ResolvedComponent.SCHEMA, schema=problem_schema(), object="Problem"
        )
        self.registry.register_on_missing(component)
        return component.ref


def problem_schema() -> dict[str, Any]:
    """What a refusal looks like, in the reader's language."""
    return {
        "type": "object",
        "description": _("RFC 9457. `errors` names the fields; it is empty where no field is at fault."),
        "required": ["type", "title", "status", "detail", "errors"],
        "properties": {
            "type": {"type": "string", "description": _("A relative reference, such as `/problems/invalid`.")},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
            "request_id": {"type": "string", "description": _("Tell it to whoever runs the system.")},
        },
    }
