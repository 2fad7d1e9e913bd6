"""What is wrong with the surroundings is said in one sentence, with a status, without a traceback."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from config import checks, embedded
from config.run import port_from_environment
from tests.config import commands


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in done.stderr.strip().splitlines() if line]
    assert done.returncode != 0
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://somebody@somewhere/x", "DATABASE_URL is not a URL this can use"),
        ("postgresql://a:b@127.0.0.1:99999/x", "DATABASE_URL is not a URL this can use"),
        ("postgresql://a:b@127.0.0.1:1/x", "Cannot reach the database"),
        ("postgresql://a:b@host.invalid/x", "Cannot reach the database"),
    ],
)
def test_a_wrong_database_url(tmp_path, url, says):
    done = commands.manage(
        tmp_path, "migrate", "--check", DATABASE_URL=url, REDIS_URL="redis://127.0.0.1:1/0", SECRET_KEY="x"
    )
    assert says in one_line(done)


def test_a_wrong_redis_url(tmp_path):
    done = commands.manage(tmp_path, "check", DATABASE_URL="postgresql:///x", REDIS_URL="http://x", SECRET_KEY="x")
    assert "REDIS_URL is not a URL this can use" in one_line(done)


@pytest.fixture(scope="module")
def production(tmp_path_factory) -> Iterator[tuple[Path, list[str]]]:
    """A directory whose servers run, and their addresses."""
    data = tmp_path_factory.mktemp("production")
    user = commands.holder(data)
    yield data, commands.addresses(user)
    assert commands.end(user) == 0


def test_a_refused_name_and_a_missing_database(production, tmp_path):
    database, redis = production[1]
    for url, says in (
        (database.replace("huisheng@", "stranger@"), "refused the name or password"),
        (database.rpartition("/")[0] + "/elsewhere", "does not exist"),
    ):
        done = commands.manage(tmp_path, "migrate", "--check", DATABASE_URL=url, REDIS_URL=redis, SECRET_KEY="x")
        assert says in one_line(done)


def test_a_setting_that_is_no_number(tmp_path):
    given = {
        "DATABASE_URL": "postgresql:///x",
        "REDIS_URL": "redis://x",
        "SECRET_KEY": "x",
        "TICKET_REOPEN_DAYS": "soon",
    }
    done = commands.manage(tmp_path, "check", **given)
    assert "TICKET_REOPEN_DAYS" in one_line(done)


def run(tmp_path, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "config.run"]
    around = commands.surroundings(tmp_path, **more)
    return subprocess.run(command, env=around, cwd=commands.ROOT, capture_output=True, text=True, timeout=60)


def test_a_taken_port(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"Cannot listen on 127.0.0.1:{port}" in one_line(run(tmp_path, PORT=str(port)))


@pytest.mark.parametrize("port", ["0", "eighty", "70000"])
def test_a_port_that_is_none(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(embedded.Refused, match=f"PORT must be 1 to 65535, not {port}"):
        port_from_environment()


@pytest.mark.parametrize(
    ("hidden", "says"),
    [
        ("sys.version_info = (3, 9, 2)", "3.11 or newer is needed"),
        ("sys.modules['ensurepip'] = None", "apt-get install python3-venv"),
    ],
)
def test_a_python_that_cannot_do_it(tmp_path, hidden, says):
    code = (
        f"import sys, shutil; shutil.which = lambda name: None; {hidden}; sys.argv = ['venv.py', 'run']\n"
        f"source = open({str(commands.ROOT / 'config' / 'venv.py')!r}).read()\n"
        f"exec(compile(source, {str(tmp_path / 'config' / 'venv.py')!r}, 'exec'), "
        f"{{'__name__': '__main__', '__file__': {str(tmp_path / 'config' / 'venv.py')!r}}})\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=60)
    assert says in one_line(done)


@pytest.mark.parametrize(("encoding", "locale"), [("UTF8", "C"), ("SQL_ASCII", "C")])
@pytest.mark.django_db(transaction=True)
def test_a_database_that_cannot_search_chinese_is_refused(encoding, locale):
    connection = connections["default"]
    name = f"{connection.settings_dict['NAME']}_{encoding}".lower()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE '{locale}' TEMPLATE template0")
    other = connection.copy(alias="default")
    other.settings_dict = {**connection.settings_dict, "NAME": name}
    try:
        connections["default"] = other
        assert [found.id for found in checks.database_knows_chinese(databases=["default"])] == ["config.E010"]
    finally:
        other.close()
        connections["default"] = connection
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")
    assert list(checks.database_knows_chinese(databases=["default"])) == []


@pytest.mark.django_db
def test_a_database_halfway_through_squashed_migrations_is_told_which_version_ends_them():
    recorder = MigrationRecorder(connections["default"])
    assert checks.history_is_whole(databases=["default"]) == []
    for name in ("0001_tables", "0002_history_archive_and_readers", "0020_readers_in_search"):
        recorder.record_unapplied("tickets", name)
    (found,) = checks.history_is_whole(databases=["default"])
    assert found.id == "config.E012"
    assert "tickets.0020_readers_in_search" in found.msg and checks.LAST_LONG_HISTORY in found.msg
    recorder.flush()
    assert checks.history_is_whole(databases=["default"]) == [], "nothing is there yet: a first start"


SERVE = "from config import embedded\nwith embedded.servers():\n    import config.wsgi\nprint('serves')\n"
GOOD = {
    "SECRET_KEY": "kN7cQ2vB9xR4tY6uW1zE3aS5dF8gH0jL-pO_iUyTrEwQmNbVcXzLkJ",
    "ALLOWED_HOSTS": "help.example",
    "PUBLIC_BASE_URL": "https://help.example",
    "EMAIL_URL": "smtp://mail.example:25",
    "TRUST_PROXY": "1",
}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({}, []),
        (
            {"SECRET_KEY": "short", "ALLOWED_HOSTS": "", "PUBLIC_BASE_URL": "help.example"},
            [
                "SECRET_KEY is weak",
                "ALLOWED_HOSTS has to name",
                "PUBLIC_BASE_URL has to be",
                "PUBLIC_BASE_URL has to begin",
            ],
        ),
        (
            {"ALLOWED_HOSTS": "*", "DEBUG": "1"},
            ["ALLOWED_HOSTS has to name", "DEBUG and HUISHENG_DEMO have to be off"],
        ),
    ],
)
def test_production_serves_only_with_settings_that_are_safe(production, wrong, says):
    done = commands.python(SERVE, production[0], **{**GOOD, **wrong})
    if says:
        assert "Traceback" not in done.stderr
        assert all(text in done.stderr for text in says), done.stderr
        assert done.returncode == 3
    else:
        assert done.stdout == "serves\n", done.stderr


def test_make_run_says_before_it_is_ready_that_it_would_answer_nobody(production):
    prepare = "from config import embedded, prepare\nwith embedded.servers():\n    prepare.main()\n"
    done = commands.python(prepare, production[0], **{**GOOD, "ALLOWED_HOSTS": ""})
    assert (done.returncode, done.stdout) == (1, "")
    assert "ALLOWED_HOSTS has to name" in done.stderr and "Traceback" not in done.stderr


def test_the_deployment_checks_find_nothing_with_good_settings(production):
    done = commands.manage(
        production[0], "check", "--deploy", "--fail-level", "WARNING", "--database", "default", **GOOD
    )
    assert done.returncode == 0, done.stderr
