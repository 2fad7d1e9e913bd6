"""Rate limits, counted in Valkey; when that is down all is let through: no complaint is refused for it (S-16)."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.models import ApiToken
from common.text import whole_number

if TYPE_CHECKING:  # DRF's views import this module
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)
_REST_AFTER_FAILURE = 5.0
WEIGHTLESS = 2**16  # bytes: text alone is not weighed
_asleep_until = 0.0


def client_address(request: HttpRequest) -> str:
    """Where a call comes from: one IPv4 address, or the /64 network of an IPv6 one, as rotating inside it is free.

    `X-Forwarded-For` counts only behind our own proxy (`TRUST_PROXY`), and then its last entry, which the proxy wrote.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY and request.headers.get("X-Forwarded-For"):
        address = request.headers["X-Forwarded-For"].rpartition(",")[2].strip()
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address) and not parsed.is_loopback:
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return parsed.exploded[:19] + "::/64"
    return str(parsed)


def is_loopback(address: str) -> bool:
    return address == "::1" or address.startswith("127.")


def hit(name: str, who: str, *, limit: int, seconds: int, amount: int = 1) -> int:
    """Count one call of `who`, or an `amount`; 0 when it may pass, else the seconds to wait. Two short calls to Valkey.

    After a failure Valkey is left alone for five seconds, so that a dead one costs no call its time-out.
    """
    global _asleep_until
    now = time.time()
    if now < _asleep_until:
        return 0
    window = int(now // seconds)
    key = f"rate:{name}:{who}:{window}"
    try:
        cache.add(key, 0, timeout=seconds + 5)
        count = cache.incr(key, amount)
    except ValueError:  # it ran out between the two calls
        return 0
    except (RedisError, OSError) as error:
        _asleep_until = now + _REST_AFTER_FAILURE
        logger.warning("No rate limits for a while: %s", type(error).__name__)
        return 0
    return 0 if count <= limit else int((window + 1) * seconds - now) + 1


def sent(request: HttpRequest, address: str) -> int:
    """Count the bytes that a call brings: an address may fill so much of our disk an hour (`UPLOAD_MB_AN_HOUR`)."""
    amount = whole_number(request.META.get("CONTENT_LENGTH") or "") or 0
    if amount <= WEIGHTLESS:
        return 0
    return hit("bytes", address, limit=settings.UPLOAD_MB_AN_HOUR * 2**20, seconds=3600, amount=amount)


class RateThrottle(BaseThrottle):
    _wait = 0

    def wait(self) -> float | None:
        return self._wait or None


class TokenThrottle(RateThrottle):
    """Each token's own calls a minute."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        if isinstance(request.auth, ApiToken):
            self._wait = hit("token", str(request.auth.pk), limit=request.auth.per_minute, seconds=60)
        return not self._wait


class PublicThrottle(TokenThrottle):
    """Per address. A view may name its rate (`public_rate = "submit"`, see `settings.PUBLIC_RATES`).

    Calls from this machine itself are not counted; an app with a token has the token's own rate.
    """

    def allow_request(self, request: Request, view: "APIView") -> bool:
        address = client_address(request)
        if is_loopback(address) or isinstance(request.auth, ApiToken):
            return super().allow_request(request, view)
        name = rate_name(view, request.method or "")
        limit, seconds = settings.PUBLIC_RATES[name]
        self._wait = hit(name, address, limit=limit, seconds=seconds) or sent(request._request, address)
        return not self._wait


def rate_name(view: Any, method: str) -> str:
    return str(getattr(view, "public_rate", "read" if method in {"GET", "HEAD", "OPTIONS"} else "submit"))


def public_rate(view: Any, method: str) -> tuple[int, int]:
    """How many calls from one address, in how many seconds."""
    calls, seconds = settings.PUBLIC_RATES[rate_name(view, method)]
    return calls, seconds


def limited(name: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """For public pages: POSTs count against `settings.PUBLIC_RATES[name]`; over it a page says when to come back."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            address = client_address(request)
            if request.method == "POST" and not is_loopback(address):
                limit, seconds = settings.PUBLIC_RATES[name]
                if wait := hit(name, address, limit=limit, seconds=seconds) or sent(request, address):
                    return too_many(request, wait)
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    page = render(request, "429.html", {"minutes": -(-wait // 60)}, status=429)
    page.headers["Retry-After"] = str(wait)
    return page
