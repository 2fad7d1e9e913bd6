"""Whether calls come through a proxy that nobody told us of: then all the world seems to be one address (S-7).

Noted while calls are answered, told by `/readyz`: rate limits would otherwise stop everybody at once, or with
`HUISHENG_HTTPS` the redirect to https would never end.
"""

import logging
import time
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
KEY = "proxy-not-trusted"
REMEMBERED = 24 * 3600
AGAIN = 600  # seconds until one process notes it once more


class ProxyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.noted_at = float("-inf")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.TRUST_PROXY and through_a_proxy(request) and time.monotonic() > self.noted_at + AGAIN:
            self.noted_at = time.monotonic()
            note()
        return self.get_response(request)


def through_a_proxy(request: HttpRequest) -> bool:
    """A header that proxies write, on a call from inside the own network: a stranger's header alone proves nothing."""
    if not ("X-Forwarded-For" in request.headers or "X-Forwarded-Proto" in request.headers):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_private
    except ValueError:
        return True  # a socket of this machine


def note() -> None:
    log.warning("Calls come through a proxy, but TRUST_PROXY is off: every customer counts as one address.")
    try:
        cache.set(KEY, True, timeout=REMEMBERED)
    except (RedisError, OSError):
        pass


def is_untrusted_seen() -> bool:
    try:
        return not settings.TRUST_PROXY and bool(cache.get(KEY))
    except (RedisError, OSError):
        return False
