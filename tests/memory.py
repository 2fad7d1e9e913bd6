"""How much memory this process took while something went on."""

import gc
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")
_OWN = Path("/proc/self")


def grown_while(work: Callable[[], T]) -> tuple[T, float]:
    """What came of it, and by how many MB the peak stood above what was taken before. Skips where it cannot be measured."""
    gc.collect()
    try:
        (_OWN / "clear_refs").write_text("5")  # the peak is counted from here
    except OSError:
        pytest.skip("this system does not let a process measure its peak anew")
    before = _kilobytes("VmRSS")
    done = work()
    return done, (_kilobytes("VmHWM") - before) / 1024


def _kilobytes(name: str) -> int:
    lines = (_OWN / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))
