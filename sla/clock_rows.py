"""How clocks, their events and their due items are stored: those of a move in one statement; those of many cases, or of one
being opened (it has twenty), by COPY, which costs them least.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import Model

from accounts.models import User
from common.bulk import spread
from common.copying import copy_rows, take_keys
from sla.models import Clock, ClockEvent, DueItem

CLOCK = [column.attname for column in Clock._meta.concrete_fields]
EVENT = ["clock_id", "at", "kind", "by_id", "reason", "due_before", "due_after", "data"]
ITEM = ["clock_id", "threshold", "fire_at", "due_version"]

NOTHING: dict[str, Any] = {}  # one for all, so that it is written out once; nobody changes it

columns_of_clock = attrgetter(*CLOCK)
columns_of_event = attrgetter(*EVENT)


@dataclass(slots=True)
class Happening:
    """A ClockEvent that is to be written; `clock` has its key by then. An instance of the model costs ten times as much."""

    clock: Clock
    at: datetime
    kind: str
    by: User | None = None
    reason: str = ""
    due_before: datetime | None = None
    due_after: datetime | None = None
    data: dict[str, Any] = field(default_factory=lambda: NOTHING)

    @property
    def clock_id(self) -> int:
        return self.clock.pk

    @property
    def by_id(self) -> int | None:
        return self.by.pk if self.by else None


Item = tuple[Clock, str, datetime, int]
FEW = 40  # rows


def add(clocks: Sequence[Clock], events: Sequence[Happening], items: Sequence[Item]) -> None:
    """Store new clocks, which get their keys, with the events and due items of new and old ones."""
    if len(clocks) + len(events) + len(items) <= FEW:
        add_few(clocks, events, items)
    else:
        copy(clocks, events, items)


def copy(clocks: Sequence[Clock], events: Sequence[Happening], items: Sequence[Item]) -> None:
    """The same by COPY, in up to four statements, which cost less than one from some twenty rows on."""
    add_clocks(clocks)
    add_events(events)
    add_due_items([(clock.pk, threshold, fire_at, version) for clock, threshold, fire_at, version in items])


def add_few(clocks: Sequence[Clock], events: Sequence[Happening], items: Sequence[Item]) -> None:
    """The same in one statement, none for nothing: new clocks are named by their place until they have keys."""
    place = {id(clock): number for number, clock in enumerate(clocks, 1)}
    parts: list[tuple[type[Model], list[str], list[tuple[Any, ...]], list[int | None]]] = []
    if clocks:
        rows = [columns_of_clock(clock)[1:] for clock in clocks]
        parts.append((Clock, CLOCK[1:], rows, list(place.values())))
    if events:
        rows = [columns_of_event(event) for event in events]
        parts.append((ClockEvent, EVENT, rows, [place.get(id(event.clock)) for event in events]))
    if items:
        rows = [(clock.pk, *rest) for clock, *rest in items]
        parts.append((DueItem, ITEM, rows, [place.get(id(clock)) for clock, *_rest in items]))
    if not parts:
        return
    statements, given = [], []
    for number, (model, names, values, places) in enumerate(parts):
        columns, picked, source, params = spread(model, names, values, {"place": ("bigint", places)})
        key, pick = ("id, ", "keys.id, ") if model is Clock else ("", "")
        if model is not Clock:
            picked = picked.replace("v.c0", "coalesce(v.c0, keys.id)", 1)
        table = connection.ops.quote_name(model._meta.db_table)
        statements.append(
            f"i{number} AS (INSERT INTO {table} ({key}{columns}) SELECT {pick}{picked} FROM {source} "
            "LEFT JOIN keys ON keys.place = v.place ORDER BY v.nth)"
        )
        given += params
    sequence = "nextval(pg_get_serial_sequence('sla_clock', 'id'))"
    keys = f"keys AS MATERIALIZED (SELECT {sequence} AS id, place FROM generate_series(1, %s) AS place)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {', '.join([keys, *statements])} SELECT id FROM keys ORDER BY place", [len(clocks), *given]
        )
        for clock, (key,) in zip(clocks, cursor.fetchall(), strict=True):
            clock.pk, clock._state.adding = key, False


def add_clocks(clocks: Sequence[Clock]) -> None:
    """Store new clocks and give them their keys. Two statements, none for no clocks."""
    if not clocks:
        return
    for clock, key in zip(clocks, take_keys(Clock, len(clocks)), strict=True):
        clock.pk = key
    copy_rows(Clock, CLOCK, [columns_of_clock(clock) for clock in clocks])
    for clock in clocks:
        clock._state.adding = False


def add_events(events: Sequence[Happening]) -> None:
    """One statement."""
    copy_rows(ClockEvent, EVENT, [columns_of_event(event) for event in events])


def add_due_items(rows: Sequence[tuple[int, str, datetime, int]]) -> None:
    """Rows of `ITEM`. One statement."""
    copy_rows(DueItem, ITEM, rows)
