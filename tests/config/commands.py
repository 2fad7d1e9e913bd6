"""Runs commands as a person would, without this test run's own servers around them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "CACHE_URL",
    "HUISHENG_DATA",
    "HUISHENG_HTTPS",
    "SECRET_KEY",
    "PYTEST_XDIST_WORKER",
)


def surroundings(data: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return {**kept, "HUISHENG_DATA": str(data), "PYTHONPATH": str(ROOT), **more}


def python(code: str, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs a piece of Python to its end."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=surroundings(data, **more), cwd=ROOT, capture_output=True, text=True, timeout=60)


def manage(data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, env=surroundings(data, **more), cwd=ROOT, capture_output=True, text=True, timeout=60)


def holder(data: Path) -> subprocess.Popen[str]:
    """A process that uses both servers until its input ends; it has printed their addresses when this returns."""
    code = (
        "import os, sys\n"
        "from config import embedded\n"
        "with embedded.servers():\n"
        "    print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'], flush=True)\n"
        "    sys.stdin.read()\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env=surroundings(data),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def addresses(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout
    return process.stdout.readline().split()


def end(process: subprocess.Popen[str]) -> int:
    assert process.stdin
    process.stdin.close()
    return process.wait(timeout=60)


def processes_of(data: Path) -> list[int]:
    """Every process that names the data directory on its command line, works in it, or has it in its surroundings."""
    found = []
    mark = os.fsencode(str(data))
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            where = os.fsencode(str((entry / "cwd").readlink()))
            texts = (entry / "cmdline").read_bytes() + b"\0" + (entry / "environ").read_bytes() + b"\0"
        except OSError:
            continue
        if where == mark or where.startswith(mark + b"/") or mark + b"\0" in texts:
            found.append(int(entry.name))
    return found


def words(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def below(pid: int) -> list[int]:
    """A process and everything that it has started."""
    found = [pid]
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(entry.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found += below(int(entry.parent.name))
    return found


def soon(what: Callable[[], object], seconds: float = 15.0) -> bool:
    """Whether it becomes true within that time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.05)
    return bool(what())


def kill(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
