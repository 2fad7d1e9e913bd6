"""Many rows changed or added in one statement. Django's `bulk_update` writes a CASE a row and column, its `bulk_create`
prepares each value of each row by itself: both slow from 100 rows on.
"""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.db import connection
from django.db.models import BooleanField, CharField, DateTimeField, Field, ForeignKey, IntegerField, Model, QuerySet

AS_THEY_ARE = (BooleanField, CharField, DateTimeField, ForeignKey, IntegerField)
"""The driver takes their values without preparation."""


def update_rows(rows: Iterable[Model], fields: Sequence[str], *, dropping: QuerySet | None = None) -> int:
    """Write the named columns of saved rows of one model. One statement, however many; none for no rows.

    `dropping` rows of another table go in the same statement; they may not hang on anything.

    Signals and `auto_now` do not take part. Returns how many rows were found.
    """
    rows = list(rows)
    if not rows:
        return 0
    meta = rows[0]._meta
    quote = connection.ops.quote_name
    columns: list[Field[Any, Any]] = [cast("Field[Any, Any]", meta.get_field(name)) for name in fields]
    arrays: list[list[Any]] = [[row.pk for row in rows]]
    for column in columns:
        plain = [getattr(row, column.attname) for row in rows]
        if not isinstance(column, AS_THEY_ARE):
            plain = [column.get_db_prep_save(value, connection) for value in plain]
        arrays.append(plain)
    kinds = [column.rel_db_type(connection) if column.is_relation else column.db_type(connection) for column in columns]
    assert meta.pk is not None
    names = ", ".join(["id", *(f"c{number}" for number in range(len(columns)))])
    sets = ", ".join(f"{quote(str(column.column))} = v.c{number}" for number, column in enumerate(columns))
    values = ", ".join(f"%s::{bare(kind)}[]" for kind in ["bigint", *kinds])
    table, key = quote(meta.db_table), quote(str(meta.pk.column))
    lead, given = deleting(dropping) if dropping is not None else ("", [])
    with connection.cursor() as cursor:
        cursor.execute(
            f"{lead}UPDATE {table} AS t SET {sets} FROM unnest({values}) AS v({names}) WHERE t.{key} = v.id",
            [*given, *arrays],
        )
        return int(cursor.rowcount)


def deleting(rows: QuerySet) -> tuple[str, list[Any]]:
    """The beginning of a statement that also deletes these rows, and its parameters."""
    sql, params = rows.order_by().values("pk").query.sql_with_params()
    meta, quote = rows.model._meta, connection.ops.quote_name
    assert meta.pk is not None
    table, key = quote(meta.db_table), quote(str(meta.pk.column))
    return f"WITH gone AS (DELETE FROM {table} WHERE {key} IN ({sql})) ", list(params)


def add_rows(model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """Store rows given as values of the columns `names` (`ticket_id`, not `ticket`); one that is there already stays as it is.

    One statement, none for no rows. Columns that are not named get the default of their field; the table gives the keys.
    No signal of models. Values are texts, numbers and times, as the driver takes them. Returns how many rows are new.
    """
    if not rows:
        return 0
    fields = {field.attname: field for field in model._meta.concrete_fields}
    quote = connection.ops.quote_name
    given = [fields[name] for name in names]
    others = [field for name, field in fields.items() if name not in names and not field.primary_key]
    kinds = [field.rel_db_type(connection) if field.is_relation else field.db_type(connection) for field in given]
    columns = ", ".join(quote(str(field.column)) for field in [*given, *others])
    named = ", ".join(f"c{number}" for number in range(len(given)))
    picked = ", ".join([named, *(f"%s::{bare(field.rel_db_type(connection))}" for field in others)])
    values = ", ".join(f"%s::{bare(kind)}[]" for kind in kinds)
    defaults = [field.get_db_prep_save(field.get_default(), connection) for field in others]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(model._meta.db_table)} ({columns}) SELECT {picked} FROM unnest({values}) AS v({named})"
            " ON CONFLICT DO NOTHING",
            [*defaults, *map(list, zip(*rows, strict=True))],
        )
        return int(cursor.rowcount)


def bare(kind: str | None) -> str:
    """A column's type without its length, for the elements of an array; the column itself checks the length."""
    return (kind or "text").split("(")[0]
