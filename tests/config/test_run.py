"""`make run`: a page from nothing, restarts of what dies, and nothing left at the end, however it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

import pytest

from tests.config import commands

OPENER = build_opener(ProxyHandler({}))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status(port: int) -> int:
    """What the login page answers; 0 when nothing does."""
    try:
        with OPENER.open(f"http://127.0.0.1:{port}/admin/login/", timeout=30) as page:
            return int(page.status)
    except HTTPError as answer:
        return answer.code
    except (URLError, OSError):
        return 0


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """One directory for the whole story, so that only its first start has everything to do."""
    return tmp_path_factory.mktemp("run")


def start(data: Path, port: int) -> subprocess.Popen[bytes]:
    log = (data / "told.log").open("ab")
    return subprocess.Popen(
        [sys.executable, "-m", "config.run"],
        env=commands.surroundings(data, PORT=str(port)),
        cwd=commands.ROOT,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def told(data: Path) -> str:
    return (data / "told.log").read_text()


def child(data: Path, name: str) -> int:
    return int(json.loads((data / "run" / f"{name}.process").read_text())["pid"])


@pytest.fixture(scope="module")
def running(data) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    process = start(data, port)
    assert commands.soon(lambda: status(port) == 200, 90), told(data)
    yield process, port
    if process.poll() is None:
        process.kill()
        process.wait()


def test_it_comes_up_and_refuses_a_second_one_on_the_same_data(data, running):
    second = start(data, free_port())
    assert second.wait(timeout=30) == 1
    assert "An instance already runs on this data" in told(data)
    assert "Traceback" not in told(data)


def test_a_command_beside_it_finds_its_servers_and_its_worker(data, running):
    ask = "from config.celery import app; from django.conf import settings; print(len(app.control.ping(timeout=3)))"

    def answers() -> bool:
        done = commands.manage(data, "shell", "--verbosity", "0", "--command", ask)
        return done.stdout.split()[-1:] == ["1"]

    assert commands.soon(answers, 30)
    assert status(running[1]) == 200


def test_web_worker_and_beat_are_started_again_when_they_die(data, running):
    assert commands.soon(lambda: (data / "run" / "beat.process").exists())
    before = {name: child(data, name) for name in ("web", "worker", "beat")}
    commands.kill(list(before.values()))
    assert commands.soon(lambda: all(child(data, name) != pid for name, pid in before.items()))
    assert commands.soon(lambda: status(running[1]) == 200)


def test_a_killed_supervisor_leaves_nothing_and_the_next_one_comes_up(data, running):
    process, port = running
    process.kill()
    process.wait()
    assert commands.soon(lambda: not commands.processes_of(data), 30)
    began = time.monotonic()
    again = start(data, port)
    try:
        assert commands.soon(lambda: status(port) == 200, 60), told(data)
        assert time.monotonic() - began < 55  # alone on two cores it is 3; tests run beside it
    finally:
        os.kill(again.pid, signal.SIGINT)
        assert again.wait(timeout=40) == 0
    assert commands.processes_of(data) == []
    assert [path for path in data.rglob("*") if path.is_socket() or path.suffix in (".process", ".pid")] == []
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
