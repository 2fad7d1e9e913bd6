"""How clocks, their events and their due items are stored: by COPY, which costs a case being opened least (one has twenty)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from accounts.models import User
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
