"""Where notices are written: at once, or those of several senders together in one statement."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from common.inserting import insert_together
from notices.models import Notice

_gathered: ContextVar[list[Notice] | None] = ContextVar("gathered", default=None)


def add(rows: Iterable[Notice]) -> None:
    """Write notices; the same key tells the same recipient once. One query, none for no rows or within `together`."""
    rows, gathered = list(rows), _gathered.get()
    if gathered is not None:
        gathered += rows
    else:
        insert_together([], unless_there=rows)


@contextmanager
def together() -> Iterator[None]:
    """What is added within is written at its end, in the same transaction; nothing of it when an error ends it."""
    if _gathered.get() is not None:
        yield
        return
    rows: list[Notice] = []
    token = _gathered.set(rows)
    try:
        yield
    finally:
        _gathered.reset(token)
    add(rows)
