"""The product as `make run` starts it, with many tickets, and people at its door."""

import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median
from threading import Barrier
from typing import TypeVar
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
WORDS = "空调安装后漏水，两次上门都没有修好，希望本周内复查。"
Found = TypeVar("Found")


@dataclass(frozen=True)
class Times:
    """Seconds of single calls, and of all together; `cpu`: of web and PostgreSQL meanwhile."""

    single: list[float]
    whole: float
    cpu: float

    @property
    def median_ms(self) -> float:
        return median(self.single) * 1000

    @property
    def p95_ms(self) -> float:
        return sorted(self.single)[int(len(self.single) * 0.95)] * 1000

    @property
    def a_second(self) -> float:
        return len(self.single) / self.whole

    @property
    def cpu_ms(self) -> float:
        """A call's share of what the product's processes worked: what remains when the machine is shared."""
        return self.cpu / len(self.single) * 1000


@contextmanager
def running(data: Path, port: int) -> Iterator[None]:
    """Web, worker and beat on the data directory, until the block ends."""
    with (data / "bench.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.run"],
            cwd=ROOT,
            env=os.environ | {"HUISHENG_DATA": str(data), "PORT": str(port), "HUISHENG_DEMO": "1"},
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(port, process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


@contextmanager
def smallest(data: Path, port: int, ticket: int) -> Iterator[None]:
    """`bare_web` under the product's web server, with as many processes and threads."""
    command = [sys.executable, "-m", "gunicorn", "tests.bench.bare_web:application", "--bind", f"127.0.0.1:{port}"]
    workers, threads = os.environ.get("WEB_WORKERS", "4"), os.environ.get("WEB_THREADS", "2")
    command += ["--worker-class", "gthread", "--workers", workers, "--threads", threads, "--keep-alive", "5"]
    with (data / "bench.log").open("ab") as log:
        process = subprocess.Popen(
            [*command, "--no-control-socket"],
            cwd=ROOT,
            env=os.environ | {"BARE_TICKET": str(ticket), "PYTHONPATH": str(ROOT)},
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(port, process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


@contextmanager
def delivery_held() -> Iterator[None]:
    """Meanwhile the worker leaves messages where they are: what a submission costs is told without their delivery."""
    from config.celery import app
    from notices.models import Notice

    tasks = {"notices.deliver_due", "notices.deliver_sms", "notices.deliver_webhooks"}
    for task in tasks:
        until(lambda task=task: app.control.rate_limit(task, "1/h", reply=True, timeout=1.0))  # once the worker hears
    Notice.objects.filter(state=Notice.State.WAITING).update(state=Notice.State.CANCELLED)  # of an earlier run
    time.sleep(6)  # each runs once more, at its next turn
    until(lambda: not tasks & {task["name"] for active in running_tasks() for task in active})
    try:
        yield
    finally:
        for task in tasks:
            app.control.rate_limit(task, None)


def running_tasks() -> list[list[dict]]:
    """What each worker is at."""
    from config.celery import app

    return until(lambda: list((app.control.inspect(timeout=1.0).active() or {}).values()))


def until(look: Callable[[], Found], seconds: float = 120) -> Found:
    """What `look` finds once it finds something."""
    end = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > end:
            sys.exit("The worker does not answer; see bench.log in the data directory.")
    return found


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(2400):
        if process.poll() is not None:
            sys.exit("The product ended before its first page; see bench.log in the data directory.")
        try:  # the socket listens before the database is there: only an answer counts
            door = HTTPConnection("127.0.0.1", port, timeout=5)
            door.request("GET", "/healthz")
            if door.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            pass
        time.sleep(0.1)
    sys.exit("The product did not answer.")


class Door:
    """One kept-alive connection."""

    def __init__(self, port: int, **headers: str) -> None:
        self.line = HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, dict, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.line.request(method, path, body, self.headers | named)
        answer = self.line.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()


def timed(call: Callable[[], int], wanted: int, times: int) -> list[float]:
    spent = []
    for _ in range(times):
        begin = time.perf_counter()
        status = call()
        spent.append(time.perf_counter() - begin)
        if status != wanted:
            raise RuntimeError(f"{status} instead of {wanted}")
    return spent


def at_once(calls: list[Callable[[], int]], wanted: int, times: int) -> Times:
    """Each call in a thread of its own, `times` times."""
    start = Barrier(len(calls) + 1)

    def run(call: Callable[[], int]) -> list[float]:
        timed(call, wanted, 10)  # warm
        start.wait()
        return timed(call, wanted, times)

    with ThreadPoolExecutor(len(calls)) as threads:
        found = [threads.submit(run, call) for call in calls]
        start.wait()
        begin, worked = time.perf_counter(), cpu_seconds()
        single = [spent for one in found for spent in one.result()]
        return Times(single, time.perf_counter() - begin, cpu_seconds() - worked)


def together(times: list[Times]) -> Times:
    """Several runs as one."""
    return Times(
        [spent for one in times for spent in one.single], sum(one.whole for one in times), sum(one.cpu for one in times)
    )


def cpu_seconds() -> float:
    """What the product's processes have worked so far: all that come from its supervisor or its servers' keepers.

    Without worker and beat, who tick whether or not anybody calls: on a busy machine a run takes longer, and their
    ticks would be counted as the calls' cost.
    """
    parents, ticks, roots = {}, {}, set()
    here = os.environ["HUISHENG_DATA"]
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            facts = (folder / "stat").read_text().rpartition(")")[2].split()
            words = (folder / "cmdline").read_text().split("\0")
        except OSError:  # it has just ended
            continue
        pid = int(folder.name)
        parents[pid], ticks[pid] = int(facts[1]), 0 if "celery" in words else int(facts[11]) + int(facts[12])
        if ("config.run" in words and parents[pid] == os.getpid()) or (
            "config.embedded.keeper" in words and here in words
        ):
            roots.add(pid)
    ours = 0
    for pid, worked in ticks.items():
        line = pid
        while line and line not in roots:
            line = parents.get(line, 0)
        ours += worked if line else 0
    return ours / os.sysconf("SC_CLK_TCK")


def form_sender(port: int) -> Callable[[], int]:
    """Sends the public form, as the same browser again and again; the page itself is fetched once."""
    door = Door(port)
    _status, headers, page = door.call("GET", "/")
    cookie = headers["Set-Cookie"].split(";")[0]
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.decode())[:1]
    fields = {"csrfmiddlewaretoken": token, "nature": "complaint", "content": WORDS, "name": "王小明", "consent": "1"}

    def send() -> int:
        phone = f"138{secrets.randbelow(10**8):08d}"
        body = urlencode(fields | {"token": secrets.token_urlsafe(24), "phone": phone}).encode()
        kind = "application/x-www-form-urlencoded"
        return door.call("POST", "/", body, Content_Type=kind, Cookie=cookie)[0]

    return send


def bare_sender(port: int) -> Callable[[], int]:
    """Posts the same words to the smallest view."""
    door, body = Door(port), urlencode({"content": WORDS}).encode()
    return lambda: door.call("POST", "/", body)[0]


def api_sender(port: int) -> Callable[[], int]:
    door = Door(port, Content_Type="application/json")

    def send() -> int:
        phone = f"138{secrets.randbelow(10**8):08d}"
        body = f'{{"content": "{WORDS}", "nature": "complaint", "customer": {{"name": "王", "phone": "{phone}"}}}}'
        return door.call("POST", "/api/v1/feedback/", body.encode(), Idempotency_Key=secrets.token_hex())[0]

    return send


def reader(port: int, path: str, session: str) -> Callable[[], int]:
    door = Door(port, Cookie=f"sessionid={session}")
    return lambda: door.call("GET", path)[0]
