"""How clocks, their events and their due items are stored: those of a move, or of a case being opened, in one statement; those of
many cases by COPY, which costs them least.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import Model

from accounts.models import User
from common import prepared
from common.arrays import array, documents
from common.bulk import bare
from common.copying import copy_rows, sequence_of, take_keys
from sla.models import Clock, ClockEvent, DueItem

CLOCK = [column.attname for column in Clock._meta.concrete_fields]
PLAIN = [name for name in CLOCK if name not in ("id", "target")]
EVENT = ["clock_id", "at", "kind", "by_id", "reason", "due_before", "due_after", "data"]
ITEM = ["clock_id", "threshold", "fire_at", "due_version"]

NOTHING: dict[str, Any] = {}  # one for all, so that it is written out once; nobody changes it

columns_of_clock = attrgetter(*CLOCK)
plain_of_clock = attrgetter(*PLAIN)
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
        return self.clock.id

    @property
    def by_id(self) -> int | None:
        return self.by.pk if self.by else None

    @property
    def told(self) -> dict[str, Any] | None:
        """Its data; None of an event that begins a clock and tells no more than the target which stands in the clock's own row."""
        begins = self.clock.id is None and self.data.keys() == {"target"} and self.data["target"] is self.clock.target
        return None if begins else self.data


Item = tuple[Clock, str, datetime, int]
MANY = 200  # rows


def add(clocks: Sequence[Clock], events: Sequence[Happening], items: Sequence[Item]) -> None:
    """Store new clocks, which get their keys, with the events and due items of new and old ones."""
    if len(clocks) + len(events) + len(items) > MANY:
        copy(clocks, events, items)
    elif clocks or events or items:
        for clock, (key,) in zip(clocks, prepared.run(*adding_few(clocks, events, items)), strict=True):
            clock.pk, clock._state.adding = key, False


def copy(clocks: Sequence[Clock], events: Sequence[Happening], items: Sequence[Item]) -> None:
    """The same by COPY, in up to four statements, which costs the rows of many cases least."""
    add_clocks(clocks)
    add_events(events)
    add_due_items([(clock.pk, threshold, fire_at, version) for clock, threshold, fire_at, version in items])


def adding_few(clocks: Sequence[Clock], events: Sequence[Happening], items: Sequence[Item]) -> prepared.Statement:
    """The one statement that stores a few, planned once a connection, and returns the keys of the new clocks, which are named by
    their place in it. A target goes to the server once, for the clock and for the event that begins it."""
    place = {id(clock): number for number, clock in enumerate(clocks, 1)}
    targets = documents([clock.target for clock in clocks])
    told = [(place.get(id(event.clock)), *columns_of_event(event)[:-1], event.told) for event in events]
    due = [(place.get(id(clock)), clock.id, *rest) for clock, *rest in items]
    return words_of_few(), [
        targets,
        *arrays(len(PLAIN), [plain_of_clock(clock) for clock in clocks]),
        *arrays(1 + len(EVENT), told),
        *arrays(1 + len(ITEM), due),
    ]


def arrays(width: int, rows: Sequence[Sequence[Any]]) -> list[str]:
    """The columns of some rows, in the order of `source`."""
    return [array(column) for column in zip(*rows, strict=True)] if rows else [array(())] * width


@cache
def words_of_few() -> str:
    clock, event, item = ", ".join([*PLAIN, "target"]), ", ".join(EVENT[1:-1]), ", ".join(ITEM[1:])
    key = f"nextval('{sequence_of(Clock)}')"
    beside = "LEFT JOIN given ON given.nth = v.place ORDER BY v.nth"
    return f"""
WITH given AS MATERIALIZED (
    SELECT {key} AS id, v.*, %s::jsonb -> (nth::integer - 1) AS target FROM {source(Clock, PLAIN)}
),
begun AS (INSERT INTO sla_clock (id, {clock}) SELECT id, {clock} FROM given ORDER BY nth),
happened AS (
    INSERT INTO sla_clockevent (clock_id, {event}, data)
    SELECT coalesce(v.clock_id, given.id), {", ".join(f"v.{name}" for name in EVENT[1:-1])},
        coalesce(v.data, jsonb_build_object('target', given.target))
    FROM {source(ClockEvent, EVENT, "place")} {beside}
),
due AS (
    INSERT INTO sla_dueitem (clock_id, {item}, failures)
    SELECT coalesce(v.clock_id, given.id), {", ".join(f"v.{name}" for name in ITEM[1:])}, 0
    FROM {source(DueItem, ITEM, "place")} {beside}
)
SELECT id FROM given ORDER BY nth
"""


def source(model: type[Model], names: Sequence[str], *places: str) -> str:
    """The rows of `arrays` as `v`, numbered in their order; `places`: where new clocks stand in it."""
    fields = {column.attname: column for column in model._meta.concrete_fields}
    kinds = dict.fromkeys(places, "bigint") | {name: bare(fields[name].rel_db_type(connection)) for name in names}
    columns = ", ".join(f"%s::{kind}[]" for kind in kinds.values())
    return f"unnest({columns}) WITH ORDINALITY AS v({', '.join(kinds)}, nth)"


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
