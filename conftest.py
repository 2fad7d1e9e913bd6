"""One set of real servers for the whole test run, there before Django reads its settings.

With `HUISHENG_DATA` given, the servers of that directory are used; else a fast throw-away set. Parallel
workers inherit the addresses from the process that started them.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import django
import pytest

from config import embedded, messages, redis_urls

_servers = ExitStack()


def _prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("HUISHENG_HTTPS", "0")
    os.environ.setdefault("SECRET_KEY", "of-the-tests-only-and-long-enough-to-be-taken-for-a-real-one-0123456789")
    if "PYTEST_XDIST_WORKER" not in os.environ:
        messages.compile_all()
        given = os.environ.get("HUISHENG_DATA")
        data = Path(given or tempfile.mkdtemp(prefix="huisheng-test-"))
        os.environ["HUISHENG_DATA"] = str(data)
        if not given:
            _servers.callback(shutil.rmtree, data, ignore_errors=True)
        try:
            _servers.enter_context(embedded.lease(data, durable=bool(given), throw_away=not given))
        except embedded.Refused as refused:
            pytest.exit(str(refused), returncode=3)
    else:  # a test may empty the cache, and only its own
        number = 2 + int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw")) % 12
        os.environ["CACHE_URL"] = redis_urls.with_database(os.environ["REDIS_URL"], number)  # of programs it starts
    django.setup()  # before tests/conftest.py brings in the cast, which imports models
    from django.conf import settings

    if "CACHE_URL" in os.environ:  # in a worker the settings were read before this file
        settings.CACHES["default"]["LOCATION"] = os.environ["CACHE_URL"]
    settings.CACHES["default"]["OPTIONS"] = {"socket_timeout": 10}  # a machine that stands still is not what is tested
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


_prepare()


def _let_tests_empty_tables() -> None:
    """The flush after a test with real transactions empties tables that only grow, as the erasure service would."""
    from django.db import connection

    flush = connection.ops.execute_sql_flush
    connection.ops.execute_sql_flush = lambda statements: flush(  # type: ignore[method-assign]
        ["SET LOCAL huisheng.erasure = 'on'", *statements]
    )


_let_tests_empty_tables()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Iterator[None]:
    """Of what is imported and collected nothing goes before the end; looking through it for garbage cost a tenth of a run."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_unconfigure() -> Iterator[None]:
    yield
    _servers.close()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """A worker takes whole files; the pages in Chromium are two heaps, for each needs the demo company set up first.

    The heaps stay in the order of their names: xdist would put those of few tests last, and these are the slow ones.
    """
    from xdist.scheduler import LoadScopeScheduling

    config.option.loadscopereorder = False

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            if nodeid.startswith("tests/browser/"):
                return "tests/browser" + (" in English" if nodeid.endswith("-en]") else "")
            return nodeid.split("::", 1)[0]

    return Scheduling(config, log)
