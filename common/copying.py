"""Many new rows by COPY, as PostgreSQL takes them fastest; for imports, where model instances would cost most of all.

Columns that are not named get the default of their field, as a new instance would. No `save`, no signal of models.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import Model

from common import prepared

NULL = "\\N"


class Unchanging(dict[str, Any]):
    """A dict that stands in very many rows and that nobody changes: its JSON, and how COPY reads that, are kept with it."""

    __slots__ = ("json", "written")

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__(given)
        self.json = json.dumps(given, ensure_ascii=False)
        self.written = text(self.json)


Encoder = Callable[[Any], str]


def take_keys(model: type[Model], count: int) -> list[int]:
    """The next primary keys of a table, so that rows can point at rows before they are stored. One query."""
    rows = prepared.run(f"SELECT nextval('{sequence_of(model)}') FROM generate_series(1, %s)", [count])
    return [key for (key,) in rows]


Wanted = tuple[type[Model], int]
"""A model, and how many keys of its table: a few."""
Keys = list[list[int]]


def take_keys_of(*wanted: Wanted) -> Keys:
    """The same for several tables at once. One query."""
    (keys,) = prepared.run(f"SELECT {columns_of_keys(*wanted)}")
    return list(keys)


@lru_cache(maxsize=64)
def columns_of_keys(*wanted: Wanted) -> str:
    """The columns that take them, one a table, for whoever asks for something else in the same trip.

    Spelled with the counts, without parameters: PostgreSQL would plan it anew each time to know how many are wanted.
    """
    return ", ".join(
        f"ARRAY(SELECT nextval('{sequence_of(model)}') FROM generate_series(1, {count:d}))" for model, count in wanted
    )


@lru_cache(maxsize=64)
def sequence_of(model: type[Model]) -> str:
    """What counts the keys of its table, looked up once a process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [model._meta.db_table, model._meta.pk.column])
        (name,) = cursor.fetchone()
    return name


def copy_rows(model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Store rows given as values of the fields `names` (`ticket_id`, not `ticket`). One statement, none for no rows.

    Without `id` among the names the table gives the keys. ValueError for a name that is no column.
    """
    if not rows:
        return
    statement, encoders, rest = plan(model, tuple(names))
    encoders = [once_each() if encode is json_text else encode for encode in encoders]
    text = "".join(
        ["\t".join([encode(value) for encode, value in zip(encoders, row, strict=True)]) + rest for row in rows]
    )
    mine = connections[DEFAULT_DB_ALIAS]
    with mine.cursor() as cursor, mine.wrap_database_errors:
        cursor.copy_expert(statement, BytesIO(text.encode()), 1 << 18)


@lru_cache(maxsize=64)
def plan(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Encoder], str]:
    """The statement, what writes each value, and the end of every row: the defaults of the columns not named."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    if unknown := set(names) - fields.keys():
        raise ValueError(f"{model.__name__} has no column {', '.join(sorted(unknown))}")
    others = [field for name, field in fields.items() if name not in names and not field.primary_key]
    rest = "".join("\t" + encoder(field)(field.get_default()) for field in others) + "\n"
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in [*(fields[name] for name in names), *others])
    statement = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    return statement, [encoder(fields[name]) for name in names], rest


def encoder(field: "models.Field[Any, Any]") -> Encoder:
    """What writes a value of the field as COPY's text format reads it."""
    if isinstance(field, models.JSONField):
        return json_text
    if isinstance(field, ArrayField):
        return array
    if isinstance(field, models.BooleanField):
        return boolean
    if isinstance(field, models.CharField | models.TextField):
        return text
    if isinstance(field, models.DateTimeField):
        return moment
    return plain


def plain(value: Any) -> str:
    """Numbers, times, keys: nothing in them needs to be escaped."""
    return NULL if value is None else str(value)


@lru_cache(maxsize=1 << 16)
def moment(value: datetime | None) -> str:
    """One instant stands in many rows: a ticket, its events, its clocks."""
    return NULL if value is None else str(value)


def text(value: Any) -> str:
    if value is None:
        return NULL
    value = str(value)
    if "\\" in value:
        value = value.replace("\\", "\\\\")
    if "\n" in value:
        value = value.replace("\n", "\\n")
    if "\t" in value:
        value = value.replace("\t", "\\t")
    return value.replace("\r", "\\r") if "\r" in value else value


def boolean(value: Any) -> str:
    return NULL if value is None else "t" if value else "f"


def array(value: Any) -> str:
    """Arrays of numbers; others have quotes of their own, which nobody asked for yet."""
    return NULL if value is None else "{" + ",".join(str(int(item)) for item in value) + "}"


def json_text(value: Any) -> str:
    if type(value) is Unchanging:
        return value.written
    return NULL if value is None else text(json.dumps(value))


def once_each() -> Encoder:
    """A dict that stands in many rows (the target of a clock) is written out once. The rows keep it alive meanwhile."""
    known: dict[int, str] = {}

    def encode(value: Any) -> str:
        found = known.get(id(value))
        if found is None:
            found = known[id(value)] = json_text(value)
        return found

    return encode
