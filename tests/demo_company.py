"""The demo company in a database of its own, set up once a run by whichever worker needs it first and then copied."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import override_settings

_PATTERN = "test_demo"
_RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"process {os.getpid()}"


@contextmanager
def a_copy() -> Iterator[None]:
    """The connections of this process lead into a copy. What a server's last threads still write can meet no other test."""
    assert connection.settings_dict["NAME"].startswith("test_"), "every file that wants it needs the mark django_db"
    copied = f"{connection.settings_dict['NAME']}_demo"
    connection.close()
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [_PATTERN])  # until this connection is closed
        if _set_up_by(cursor) != _RUN:
            _copy(cursor, connection.settings_dict["NAME"], _PATTERN)
            with _inside(_PATTERN), override_settings(DEMO=True):
                call_command("setup_demo", verbosity=0)
            cursor.execute(f"COMMENT ON DATABASE {_PATTERN} IS %s", [_RUN])
        _copy(cursor, _PATTERN, copied)
    with _inside(copied):
        yield
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{copied}" WITH (FORCE)')


def _set_up_by(cursor: Any) -> str | None:
    cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [_PATTERN])
    (run,) = cursor.fetchone() or (None,)
    return run


def _copy(cursor: Any, original: str, copied: str) -> None:
    clients = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
    cursor.execute(f"SELECT pg_terminate_backend(pid) FROM ({clients}) AS them", [original])
    cursor.execute(f'DROP DATABASE IF EXISTS "{copied}" WITH (FORCE)')
    cursor.execute(f'CREATE DATABASE "{copied}" TEMPLATE "{original}"')


@contextmanager
def _inside(name: str) -> Iterator[None]:
    """One dictionary for the connections of all threads."""
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
