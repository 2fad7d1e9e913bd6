"""Statements that run at every call of the front door, planned once a connection: planning some of them costs PostgreSQL three
times the running.

Only for words that are made once, a handful a process. Behind a pooler in transaction mode, of which `DATABASE_URL` tells with
`disable_server_side_cursors`, nothing is prepared: what one transaction prepares, the next one does not find.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections

Values = Sequence[Any] | Mapping[str, Any]
Row = tuple[Any, ...]
Statement = tuple[str, Sequence[Any]]
"""Words with `%s`, and their values."""


class Words(NamedTuple):
    prepared: str  # with $1 …
    given: str  # what follows EXECUTE


@lru_cache(maxsize=512)
def words(sql: str) -> Words:
    """Both forms of a statement with `%s` or `%(name)s`. A name that stands twice is one parameter."""
    names: dict[str, int] = {}

    def parameter(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%%"
        place = found[0] if found[1] else f"{found[0]} {len(names)}"
        return f"${names.setdefault(place, len(names) + 1)}"

    prepared = re.sub(r"%(?:\((\w+)\))?s|%%", parameter, sql)
    places = ", ".join(name.split()[0] for name in names)
    return Words(prepared, f"({places})" if places else "")


class Known(NamedTuple):
    """What the server's side of one connection has prepared, by its words; and the cursor that runs it."""

    link: Any  # the driver's connection; another one has nothing yet
    cursor: Any
    names: dict[str, str]
    numbers: Iterator[int]

    def preparing(self, sql: str) -> tuple[str, str]:
        """The words that prepare a statement, and its name: a new one each time, as a trip that failed may have left the old."""
        name = f"huisheng_{next(self.numbers)}"
        return f"PREPARE {name} AS {words(sql).prepared}; ", name


def known(mine: Any) -> Known:
    mine.ensure_connection()
    held = getattr(mine, "prepared_statements", None)
    if held is None or held.link is not mine.connection:
        # kept on Django's connection, one a thread, so that it ends with it
        held = mine.prepared_statements = Known(mine.connection, mine.cursor(), {}, count(1))
    return held


def run(sql: str, values: Values = ()) -> list[Row]:
    """The rows that a statement returns. One trip, the first time as well."""
    mine: Any = connections[DEFAULT_DB_ALIAS]  # each look for it finds the thread's own anew
    if pooled(mine):
        return sent(mine, sql, values)
    held, lead = known(mine), ""
    name = held.names.get(sql)
    if name is None:
        lead, name = held.preparing(sql)
    rows = sent(mine, f"{lead}EXECUTE {name}{words(sql).given}", values)
    held.names[sql] = name
    return rows


def run_together(statements: Sequence[Statement]) -> list[Row]:
    """Several statements with `%s` in one trip; the rows of the last one."""
    mine: Any = connections[DEFAULT_DB_ALIAS]
    values = [value for _sql, some in statements for value in some]
    if pooled(mine):
        return sent(mine, "; ".join([sql for sql, _some in statements]), values)
    held, leads, names = known(mine), "", {}
    for sql, _some in statements:
        if sql not in names:
            names[sql] = held.names.get(sql, "")
            if not names[sql]:
                lead, names[sql] = held.preparing(sql)
                leads += lead
    rows = sent(
        mine, leads + "; ".join([f"EXECUTE {names[sql]}{words(sql).given}" for sql, _some in statements]), values
    )
    held.names.update(names)
    return rows


def sent(mine: Any, sql: str, values: Values) -> list[Row]:
    """In a transaction by one cursor for all: opening one costs as much as a small statement."""
    if mine.in_atomic_block and not mine.queries_logged and not pooled(mine):
        return fetched(known(mine).cursor, sql, values)
    with mine.cursor() as cursor:
        return fetched(cursor, sql, values)


def fetched(cursor: Any, sql: str, values: Values) -> list[Row]:
    cursor.execute(sql, values)
    return cursor.fetchall() if cursor.description else []


def pooled(mine: Any) -> bool:
    return bool(mine.settings_dict["DISABLE_SERVER_SIDE_CURSORS"])
