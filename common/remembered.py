"""Settings that live in small tables, read again only when a row has changed.

One short query a call compares the versions of all rows (PostgreSQL's own `xmin` and place), so that a change counts
from the next call on, in every process, whoever made it; the rows themselves are read and built only then.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from common import prepared

Found = TypeVar("Found")
_known: dict[str, tuple[str, Any]] = {}
_tables: dict[str, tuple[type[Model], ...]] = {}  # of every name that was asked for in this process
_marks: ContextVar[dict[str, str] | None] = ContextVar("marks", default=None)


def remembered(name: str, models: tuple[type[Model], ...], load: Callable[[], Found]) -> Found:
    """What `load` gives for the rows of `models` as they are now; for tables of some hundred rows at most.

    The same object serves many threads: nobody may change it. One query, and those of `load` after a change.
    """
    _tables[name] = models
    marks = _marks.get()
    if marks is None:
        mark = versions({name: models})[name]
    else:
        if name not in marks:
            marks.update(versions(dict(_tables)))  # a copy: other threads may just ask for names that are new
        mark = marks[name]
    kept = _known.get(name)
    if kept is None or kept[0] != mark:
        kept = _known[name] = (mark, load())
    return kept[1]


@contextmanager
def looked_at_once() -> Iterator[None]:
    """Within it one query compares the versions of all settings that this process knows, however many are asked for.

    For work that asks for several and changes none of them, such as a case that comes in.
    """
    if _marks.get() is not None:
        yield
        return
    token = _marks.set({})
    try:
        yield
    finally:
        _marks.reset(token)


def versions(wanted: dict[str, tuple[type[Model], ...]]) -> dict[str, str]:
    """By name, what differs whenever a row of one of its tables was added, changed or removed. One query."""
    quote = connection.ops.quote_name
    tables = sorted({model._meta.db_table for models in wanted.values() for model in models})
    parts = [
        f"(SELECT concat(count(*), '/', sum(hashtextextended(t.xmin::text, hashtid(t.ctid)))) FROM {quote(table)} t)"
        for table in tables
    ]
    ((database, *found),) = prepared.run(f"SELECT current_database(), {', '.join(parts)}")
    marks = dict(zip(tables, found, strict=True))
    return {
        name: " ".join([database, *(marks[model._meta.db_table] for model in models)])
        for name, models in wanted.items()
    }
