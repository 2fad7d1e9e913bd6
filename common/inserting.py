"""New rows by INSERTs whose words are made once a model, where `save()` makes them anew for every row.

For what is written at every call of the front door; a case that comes in writes a dozen rows. What is given are instances
with every column set; `pre_save` (`auto_now`, files) and the signals of models do not take part.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple, cast

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    ForeignKey,
    IntegerField,
    JSONField,
    Model,
    QuerySet,
    TextField,
)
from django.db.models.sql.subqueries import UpdateQuery

from common import prepared

AS_THEY_ARE = (BooleanField, CharField, DateTimeField, ForeignKey, IntegerField, TextField)
"""The driver takes their values without preparation."""


class Plan(NamedTuple):
    """How rows of a model are written: `INSERT INTO … VALUES `, then `row` for each, with `values` of it."""

    into: str
    row: str
    read: Callable[[Model], tuple[Any, ...]]
    prepared: Sequence[tuple[int, Callable[[Any], Any]]]  # places of values that the driver does not take so

    def values(self, row: Model) -> list[Any]:
        values = list(self.read(row))
        for place, prepare in self.prepared:
            values[place] = prepare(values[place])
        return values


@lru_cache(maxsize=256)
def plan(model: type[Model], keyed: bool) -> Plan:
    columns = [column for column in model._meta.concrete_fields if keyed or not column.primary_key]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(column.column)) for column in columns)
    return Plan(
        f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ",
        f"({', '.join(['%s'] * len(columns))})",
        attrgetter(*(column.attname for column in columns)),
        [
            (place, as_json if type(column) is JSONField else partial(column.get_db_prep_save, connection=connection))
            for place, column in enumerate(columns)
            if not (isinstance(column, AS_THEY_ARE) or column.primary_key)
        ],
    )


def as_json(value: Any) -> str | None:
    """As a text, which PostgreSQL reads as it would the driver's own object around it."""
    return None if value is None else json.dumps(value)


def insert(*rows: Model) -> None:
    """Store new rows of one model and give them their keys. One statement."""
    way = plan(type(rows[0]), keyed=False)
    key = connection.ops.quote_name(str(rows[0]._meta.pk.column))
    values = [value for row in rows for value in way.values(row)]
    keys = prepared.run(f"{way.into}{', '.join([way.row] * len(rows))} RETURNING {key}", values)
    for row, (given,) in zip(rows, keys, strict=True):
        row.pk = given
        stored(row)


def insert_after(row: Model, *changes: tuple[QuerySet, dict[str, Any]]) -> None:
    """Change rows, then store a new one, which may take the place of one of them, and give it its key. One statement.

    `changes`: rows and the values they get. They are not rows that a change before them has changed.
    """
    way = plan(type(row), keyed=False)
    key = connection.ops.quote_name(str(row._meta.pk.column))
    parts, values = [], []
    for number, (rows, named) in enumerate(changes):
        query = cast(UpdateQuery, rows.query.chain(UpdateQuery))
        query.add_update_values(named)
        sql, params = query.get_compiler(rows.db).as_sql()
        parts.append(f"c{number} AS ({sql} RETURNING 1)")
        values += params
    # PostgreSQL would change rows that nobody reads last, when the new one has met a constraint already
    counted = ", ".join(f"(SELECT count(*) FROM c{number}) AS n{number}" for number in range(len(changes)))
    into = f"{way.into.removesuffix('VALUES ')}SELECT {way.row[1:-1]} FROM {counted}"
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} {into} RETURNING {key}", [*values, *way.values(row)])
        (row.pk,) = cursor.fetchone()
    stored(row)


def insert_together(
    rows: Iterable[Model], *, unless_there: Iterable[Model] = (), then: Iterable[prepared.Statement] = ()
) -> None:
    """Store new rows of several models, in the order given, in one trip to the server. Rows of one model stand together.

    A row without a key gets one in the table, but is not told it: whoever needs it takes it before (`copying.take_keys`).
    Of `unless_there`, which follow, those that their table knows already, by whatever constraint, are left out.
    Statements of `then` come last, in the same trip.
    """
    statements = [*inserting(rows), *inserting(unless_there, " ON CONFLICT DO NOTHING"), *then]
    if statements:
        prepared.run_together(statements)


def inserting(rows: Iterable[Model], end: str = "") -> Iterator[prepared.Statement]:
    """The statements that store new rows, for whoever sends them along with others; one for rows of one model that stand together."""
    for (model, keyed), group in groupby(rows, lambda row: (type(row), row.pk is not None)):
        way, alike = plan(model, keyed), list(group)
        values: list[Any] = []
        for row in alike:
            values += way.values(row)
            stored(row)
        yield way.into + ", ".join([way.row] * len(alike)) + end, values


def stored(row: Model) -> None:
    """As `save()` leaves it."""
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
