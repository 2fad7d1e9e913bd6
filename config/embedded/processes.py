"""Processes on Linux: what a crash left behind, and children that end with their parent."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1


def end_with_parent(number: int, parent: int | None = None) -> Callable[[], None] | None:
    """For `preexec_fn`: the kernel sends this signal to the child when its parent dies, even by kill -9.

    The parent is this process unless another is named. None where the kernel has no such thing.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    expected = parent or os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != expected:
            os._exit(1)

    return ask


def found_in(directory: Path, names: tuple[str, ...]) -> list[int]:
    """Processes with one of these names that work in `directory`: servers of ours that outlived their keeper."""
    try:
        here = directory.stat()
        numbers = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    except OSError:
        return []
    found = []
    for number in numbers:
        try:
            there = Path(f"/proc/{number}/cwd").stat()
            name = Path(f"/proc/{number}/comm").read_text()
        except OSError:
            continue
        if os.path.samestat(here, there) and name.startswith(names) and number != os.getpid():
            found.append(number)
    return found


def end_leftovers(directory: Path, names: tuple[str, ...], number: int, patience: float = 10.0) -> None:
    """Ends such processes: first politely with `number`, after `patience` seconds for certain."""
    until = time.monotonic() + patience
    asked: set[int] = set()
    while left := found_in(directory, names):
        late = time.monotonic() > until
        for pid in left:
            if late or pid not in asked:
                asked.add(pid)
                try:
                    os.kill(pid, signal.SIGKILL if late else number)
                except ProcessLookupError:
                    pass
        time.sleep(0.05)
