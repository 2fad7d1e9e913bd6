"""`make run` whose worker, beat and Valkey are killed before a limit of three seconds ends, and come back half a minute after."""

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config import commands
from tests.config.test_run import child, free_port, start, status, told
from tests.journeys.test_one_voice import Caller

pytestmark = pytest.mark.faults
AWAY = 30  # seconds after the due time

SHORT = "from sla.models import SlaTarget; SlaTarget.objects.filter(metric='first_response').update(amount=3, unit='s')"
ASK = """
import json
from django.utils import timezone
from config import invariants
from sla.models import Clock
from tickets.models import TicketEvent
clock = Clock.objects.get(ticket__number={number!r}, metric='first_response')
breaches = TicketEvent.objects.filter(ticket=clock.ticket, kind='breach', data__metric='first_response')
wrong = {{one.code: found for one, found in invariants.check(timezone.now()).items() if found}}
print(json.dumps([clock.state, clock.due_at == clock.breached_at, [str(event.at - clock.started_at) for event in breaches],
    list(wrong)]))
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    port = free_port()
    process = start(tmp_path, port)
    try:
        assert commands.soon(lambda: status(port) == 200, 300), told(tmp_path)
        assert commands.soon(lambda: (tmp_path / "run" / "beat.process").exists(), 120)
        yield tmp_path, f"http://127.0.0.1:{port}"
    finally:
        os.kill(process.pid, signal.SIGCONT)
        process.terminate()
        process.wait(timeout=120)


def asked(data: Path, code: str) -> str:
    done = commands.manage(data, "shell", "--verbosity", "0", "--command", code)
    assert done.returncode == 0, done.stderr
    return done.stdout


def supervisors(data: Path) -> list[int]:
    """What would start the dead again at once: `make run` itself and the keeper of Valkey."""
    return [
        pid
        for pid in commands.processes_of(data)
        if any(name in commands.words(pid) for name in (b"config.run", b"config.embedded.keeper"))
    ]


def test_a_limit_of_three_seconds_ends_at_its_due_time_though_all_that_sweeps_is_dead(house: tuple[Path, str]) -> None:
    data, address = house
    asked(data, SHORT)
    zhou = Caller(address)
    _status, page, _url = zhou.page("/login/")
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    assert zhou.page("/login/", csrfmiddlewaretoken=token, username="zhou", password="huisheng-demo")[0] == 200

    keepers = supervisors(data)
    valkeys = [
        pid
        for pid in commands.processes_of(data)
        if b"valkey-server" in commands.words(pid) or b"redis-server" in commands.words(pid)
    ]
    assert len(keepers) >= 2 and valkeys
    for pid in keepers:
        os.kill(pid, signal.SIGSTOP)
    commands.kill([*commands.below(child(data, "worker")), *commands.below(child(data, "beat")), *valkeys])
    number, _code = Caller(address).hand_in()
    begun = time.monotonic()
    time.sleep(3.5)
    overdue = zhou.page(f"/tickets/{number}/")[1]
    assert re.search(r'class="(due|clock) late', overdue), "the page tells it before anything has swept"
    told_by_api = zhou.api(f"tickets/{number}/")[1]
    assert told_by_api["overdue"] is True
    clocks = zhou.api(f"tickets/{number}/clocks/")[1]
    assert next(clock["state"] for clock in clocks if clock["metric"] == "first_response") == "running"
    time.sleep(max(3 + AWAY - (time.monotonic() - begun), 0))
    for pid in keepers:
        os.kill(pid, signal.SIGCONT)

    def noticed() -> bool:
        return json.loads(asked(data, ASK.format(number=number)))[0] == "missed"

    assert commands.soon(noticed, 180), told(data)
    assert json.loads(asked(data, ASK.format(number=number))) == ["missed", True, ["0:00:03"], []]
