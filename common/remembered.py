"""Settings that live in small tables, read again only when a row has changed.

One short query a call compares the versions of all rows (PostgreSQL's own `xmin` and place), so that a change counts
from the next call on, in every process, whoever made it; the rows themselves are read and built only then.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Model

from common import prepared

Found = TypeVar("Found")
Marks = dict[str, str]
"""By table, what differs whenever one of its rows was added, changed or removed; under no name the database itself."""
_known: dict[str, tuple[Any, Any]] = {}
_tables: dict[str, tuple[str, ...]] = {}  # of every name that was asked for in this process
_marks: ContextVar[Marks | None] = ContextVar("marks", default=None)


def remembered(name: str, models: tuple[type[Model], ...], load: Callable[[], Found]) -> Found:
    """What `load` gives for the rows of `models` as they are now; for tables of some hundred rows at most.

    The same object serves many threads: nobody may change it. One query, and those of `load` after a change.
    """
    tables = _tables[name] = ("", *(model._meta.db_table for model in models))
    marks = _marks.get()
    if marks is None:
        marks = asked(question_of(tables))
    elif not marks.keys() >= set(tables):
        marks.update(asked(question()))
    mark = [marks[table] for table in tables]
    kept = _known.get(name)
    if kept is None or kept[0] != mark:
        kept = _known[name] = (mark, load())
    return kept[1]


@contextmanager
def looked_at_once(told: Marks | None = None) -> Iterator[None]:
    """Within it one query compares the versions of all settings that this process knows, however many are asked for; none
    when they were `told` along with another statement of this transaction.

    For work that asks for several and changes none of them, such as a case that comes in.
    """
    if _marks.get() is not None:
        yield
        return
    token = _marks.set(dict(told or {}))
    try:
        yield
    finally:
        _marks.reset(token)


class Question(NamedTuple):
    """Asks for the versions of some tables in one column, alone or beside what a statement asks for anyway."""

    tables: tuple[str, ...]
    column: str

    def answered(self, value: Sequence[str]) -> Marks:
        return dict(zip(self.tables, value, strict=True))


def question() -> Question:
    """For the settings that this process knows by now."""
    known = list(_tables.values())  # a copy: other threads may just ask for names that are new
    return question_of(tuple(sorted({table for tables in known for table in tables})))


@lru_cache(maxsize=256)
def question_of(tables: tuple[str, ...]) -> Question:
    quote = connection.ops.quote_name
    versions = [
        f"(SELECT concat(count(*), '/', sum(hashtextextended(t.xmin::text, hashtid(t.ctid)))) FROM {quote(table)} t)"
        if table
        else "current_database()"
        for table in tables
    ]
    return Question(tables, f"ARRAY[{', '.join(versions)}]::text[]")


def asked(wanted: Question) -> Marks:
    """One query."""
    ((value,),) = prepared.run(f"SELECT {wanted.column}")
    return wanted.answered(value)
