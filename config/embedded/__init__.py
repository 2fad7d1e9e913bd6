"""Embedded PostgreSQL and Valkey for development, the demo and tests; never for production.

They are used when `DATABASE_URL` / `REDIS_URL` are not set. Every process that needs a server holds a
shared lock on it (`lease`); a small keeper process starts the server, restarts it when it dies, and stops
it when the last lock is gone, however its holders ended. One directory, `HUISHENG_DATA`, holds it all.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from . import errors, keys, paths, urls
from .errors import Refused
from .lease import Lease

__all__ = ["KINDS", "Lease", "Refused", "lease", "servers"]

KINDS = {"DATABASE_URL": "postgres", "REDIS_URL": "valkey"}


@contextmanager
def servers() -> Iterator[None]:
    """For command lines: servers around the block, and one plain sentence instead of a traceback."""
    with errors.said_plainly(), lease():
        yield


@contextmanager
def lease(data: Path | None = None, *, durable: bool = True, throw_away: bool = False) -> Iterator[list[Lease]]:
    """Set the URLs that are missing to embedded servers under `data`, for the time of the block.

    `durable=False` trades safety against power failure for speed; `throw_away=True` removes `data` at the
    end. Raises `Refused` when a server cannot be had. Costs: 0.1 s when they run already, about 2 s on first use.
    """
    urls.check_given()
    missing = {name: kind for name, kind in KINDS.items() if not urls.given(name)}
    before = {name: os.environ.get(name) for name in (*missing, "SECRET_KEY")}
    with ExitStack() as stack:
        held = []
        if missing:
            data = paths.prepare(data or paths.data_dir())
            leases = [Lease(kind, data, durable=durable, throw_away=throw_away) for kind in missing.values()]
            for one in leases:
                stack.callback(one.release)
                one.begin()
            for name, one in zip(missing, leases, strict=True):
                os.environ[name] = one.wait()
                held.append(one)
            if not urls.given("SECRET_KEY"):
                os.environ["SECRET_KEY"] = keys.secret_key(data)
        try:
            yield held
        finally:
            for one in held:
                one.let_go()
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
