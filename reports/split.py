"""From rows to numbers, inside PostgreSQL: one query a figure, whatever it is split by.

A figure names its rows (`Facts`: one row for each thing counted, with the instant `at` that it counts by) and its
aggregates. `measure` puts them into one statement with GROUPING SETS, so that the total and every group come from the
same scan, and the total need not be the sum of the groups (percentiles are not).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Concat, Left, NullIf
from django.db.models.lookups import In

from reports.periods import INTERVALS, SQL_KEYS, ZONE, Interval
from reports.workdays import Workdays

MUNICIPALITIES = ("11", "12", "31", "50")  # Beijing, Tianjin, Shanghai, Chongqing
# What figures are told apart by: the code under which a group is named. Two-language names are looked up later.
DIMENSIONS: dict[str, Any] = {
    "channel": F("channel"),
    "nature": F("nature"),
    "category": F("category__code"),
    "tier": F("tier"),
    "region": Case(When(region__isnull=False, then=Concat(Left("region_id", 2), Value("0000")))),  # the province
    "city": Case(  # of the four municipalities, which have no cities, the province
        When(In(Left("region_id", 2), MUNICIPALITIES), then=Concat(Left("region_id", 2), Value("0000"))),
        When(region__isnull=False, then=Concat(Left("region_id", 4), Value("00"))),
    ),
    "department": F("department__code"),
    "owner": F("owner__username"),
    "first_contact": F("first_contact__username"),
    "customer_class": NullIf(F("customer__customer_class"), Value("")),
}


@dataclass(frozen=True)
class Facts:
    """Rows to count: a queryset of tickets annotated with `at` and the columns that the aggregates read.

    `what` tells several kinds of rows of one figure apart; `bucket` overrides the interval; `dimensions` overrides
    what a row belongs to where that is not the ticket of today.
    """

    rows: QuerySet
    what: str = ""
    bucket: str = ""
    dimensions: Mapping[str, Any] = field(default_factory=dict)

    def with_dimensions(self, names: Sequence[str]) -> QuerySet:
        return self.rows.annotate(**{f"d_{name}": self.dimensions.get(name, DIMENSIONS[name]) for name in names})


@dataclass(frozen=True)
class Split:
    """How an answer is broken down. `divide_at` tells two periods apart in one query: before it, and from it on.

    `each` names splits ("department", "channel,category") that are answered beside each other from one scan, as
    `Answer.each`. `decided_only` leaves out what still runs or is unfinished: it belongs to no step of an interval.
    """

    by: tuple[str, ...] = ()
    interval: Interval | None = None
    divide_at: datetime | None = None
    each: tuple[str, ...] = ()
    decided_only: bool = False

    def __post_init__(self) -> None:
        for name in self.dimensions:
            if name not in DIMENSIONS:
                raise ValueError(f"figures cannot be split by {name}; known: {', '.join(DIMENSIONS)}")
        if self.by and self.each:
            raise ValueError("either one split or several beside each other")
        if self.interval and self.interval not in INTERVALS:
            raise ValueError(f"no such interval: {self.interval}; known: {', '.join(INTERVALS)}")

    @property
    def dimensions(self) -> tuple[str, ...]:
        return self.by or tuple(dict.fromkeys(name for by in self.each for name in by.split(",")))


WHOLE = Split()
Key = tuple[str | None, ...]


@dataclass
class Answer:
    """The figure itself, of each group (keys in the order of `Split.by`, then the interval), and of the time before."""

    total: Any = None
    groups: dict[Key, Any] = field(default_factory=dict)
    before: Any = None
    each: dict[str, dict[Key, Any]] = field(default_factory=dict)  # groups by the split's name
    empty: Any = None  # what a group without any row would say


def measure(
    facts: Sequence[Facts],
    columns: Sequence[str],
    aggregates: Mapping[str, str],
    shape: Callable[[Mapping[str, Any]], Any],
    split: Split = WHOLE,
    workdays: Workdays | None = None,
) -> Answer:
    """One query. `aggregates` are SQL over `f`; with `workdays`, rows have `began` and get `clock_s`, `working_s`."""
    (lead, rows), (leading, params) = rows_of(facts, columns, workdays, split)
    keys = [f"f.d_{name}" for name in split.dimensions]
    if split.interval:
        local = f"to_char(f.at AT TIME ZONE '{ZONE.key}', '{SQL_KEYS[split.interval]}')"
        keys.append("f.bucket" if any(fact.bucket for fact in facts) else local)
    since = "coalesce(f.at >= %s, true)" if split.divide_at else "true"
    chosen = [f"{key} AS k{i}" for i, key in enumerate(keys)] + [f"{since} AS since"]
    chosen += [f"{expression} AS {name}" for name, expression in aggregates.items()]
    chosen.append(f"grouping({', '.join(keys)})" if keys else "0")
    # Grouped by position, so that the dividing instant stays a single parameter.
    last, every = str(len(keys) + 1), list(range(len(keys)))
    steps = every[len(split.dimensions) :]
    sets: dict[str, list[int]] = {"": steps} if split.each and steps else {}
    if split.each:
        sets |= {by: [*(split.dimensions.index(name) for name in by.split(",")), *steps] for by in split.each}
    elif keys:
        sets[""] = every
    named = {_mask(len(keys), places): (by, places) for by, places in sets.items()}
    grouped = ", ".join(f"({', '.join([*(str(i + 1) for i in places), last])})" for places in ([], *sets.values()))
    statement = f"{lead}SELECT {', '.join(chosen)} FROM ({rows}) f GROUP BY GROUPING SETS ({grouped})"
    instant = [split.divide_at] if split.divide_at else []
    return _answer(statement, [*leading, *instant, *params], len(keys), named, bool(split.each), aggregates, shape)


def rows_of(
    facts: Sequence[Facts], columns: Sequence[str], workdays: Workdays | None, split: Split = WHOLE
) -> tuple[tuple[str, str], tuple[list[Any], list[Any]]]:
    """The rows as SQL: what must stand before the statement, and the rows; the parameters of each."""
    rows, params = _rows(facts, columns, split)
    if not workdays:
        return ("", rows), ([], params)
    cte, leading = workdays.cte()
    begin, end = workdays.passed_at("b", "f.began"), workdays.passed_at("e", "f.at")
    timed = (
        f"SELECT f.*, date_part('epoch', f.at - f.began) AS clock_s, {end} - {begin} AS working_s "
        f"FROM ({rows}) f {workdays.join('b', 'f.began')} {workdays.join('e', 'f.at')}"
    )
    return (f"WITH {cte} ", timed), (leading, params)


def _rows(facts: Sequence[Facts], columns: Sequence[str], split: Split) -> tuple[str, list[Any]]:
    names = ["id", "at", *columns, *(f"d_{name}" for name in split.dimensions)]
    parts: list[str] = []
    params: list[Any] = []
    for fact in facts:
        rows = fact.with_dimensions(split.dimensions).order_by().values_list("pk", *names[1:])
        sql, values = rows.query.get_compiler(connection=connection, elide_empty=False).as_sql()
        parts.append(f"SELECT %s::text AS what, %s::text AS bucket, r.* FROM ({sql}) r({', '.join(names)})")
        params += [fact.what, fact.bucket, *values]
    return " UNION ALL ".join(parts), params


def _answer(
    statement: str,
    params: Sequence[Any],
    width: int,
    named: Mapping[int, tuple[str, list[int]]],
    each: bool,
    aggregates: Mapping[str, str],
    shape: Callable[[Mapping[str, Any]], Any],
) -> Answer:
    def nothing() -> Any:  # anew each time: what is told of one period is added to its own answer only
        return shape(dict.fromkeys(aggregates))

    answer = Answer(total=nothing(), before=nothing(), empty=nothing())
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        for *row, mask in cursor.fetchall():
            keys, since, values = row[:width], row[width], row[width + 1 :]
            value = shape(dict(zip(aggregates, values, strict=True)))
            if mask in named:
                by, places = named[mask]
                groups = answer.each.setdefault(by, {}) if each else answer.groups
                groups[tuple(keys[place] for place in places)] = value
            elif since:
                answer.total = value
            else:
                answer.before = value
    return answer


def _mask(width: int, places: Sequence[int]) -> int:
    """What GROUPING() says of the columns that a grouping set holds: a bit for each one left out, the first highest."""
    return sum(1 << (width - 1 - place) for place in range(width) if place not in places)
