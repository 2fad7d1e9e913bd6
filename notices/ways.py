"""Who sends by a way at this moment: said by a lock of the database session, which ends with the process that holds it.

Shared, so that nobody ever waits for it. Behind PgBouncer in transaction mode it may stay behind on a connection of the
server: then a way counts as taken for as long as the claim of its message holds.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_HELD = """
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND classid = 0 AND objid = %s::bigint::oid AND objsubid = 1
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )
"""


@contextmanager
def taken(channel: str) -> Iterator[None]:
    """While this worker sends by the way. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [_key(channel)])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [_key(channel)])


def is_taken(channel: str) -> bool:
    """Whether a worker that is alive sends by the way. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [_key(channel)])
        return bool(cursor.fetchone()[0])


def _key(channel: str) -> int:
    return zlib.crc32(f"notices by {channel}".encode())
