"""Whether this process lives, and whether what it leans on answers within a second."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse

LIMIT = 1.0  # seconds for each answer


def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process can answer at all. Touches nothing else, so that a broken database restarts no web."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


def ping_database(limit: float = LIMIT) -> float:
    """Seconds that a new connection and one query took. Raises `OSError` when there is no answer within `limit`."""
    import psycopg2

    started = time.monotonic()
    wanted = connections["default"].get_connection_params()
    wanted.pop("cursor_factory", None)
    wanted |= {"connect_timeout": max(1, round(limit)), "options": f"-c statement_timeout={int(limit * 1000)}"}
    try:
        link = psycopg2.connect(**wanted)
        try:
            with link.cursor() as cursor:
                cursor.execute("SELECT 1")
        finally:
            link.close()
    except psycopg2.Error as error:
        raise OSError(f"database: {error}".strip()) from error
    return time.monotonic() - started


def ping_broker(limit: float = LIMIT) -> float:
    """Seconds that the broker took to answer. Raises `OSError` when there is no answer within `limit`."""
    import redis

    started = time.monotonic()
    try:
        with redis.from_url(settings.REDIS_URL, socket_timeout=limit, socket_connect_timeout=limit) as link:
            link.ping()
    except redis.RedisError as error:
        raise OSError(f"broker at {urlsplit(settings.REDIS_URL).hostname or 'socket'}: {error}") from error
    return time.monotonic() - started


PINGS: dict[str, Callable[[], float]] = {"database": ping_database, "broker": ping_broker}
