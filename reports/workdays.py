"""Working time inside PostgreSQL.

A working instant is turned into the working seconds passed since a fixed day: W(t). Working time between two
instants is W(end) - W(start). The calendar is handed over as one row a day: the instant of local midnight, the working
seconds passed before it, and the openings of the day as seconds since midnight. PostgreSQL joins a row to an instant by
its local date (a hash join), so the cost grows with the rows counted and not with the calendar. A day's openings
are few and fixed, so W(t) is plain arithmetic. Slots over midnight are cut there by the calendar itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate

from reports.periods import ZONE, midnight
from sla import worktime
from sla.calendars import WorkCalendar

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Workdays:
    """Calendar days from `first` up to the day of `last`, ready to be joined. `slots` is the most openings of a day."""

    days: str = field(repr=False)  # array literals, written once
    passed: str = field(repr=False)
    openings: tuple[tuple[str, str], ...] = field(repr=False)  # (begin, length) of the first, the second opening, …

    def cte(self) -> tuple[str, list[str]]:
        """`workday(day, passed, o0, l0, …, midnight)` as a common table expression, and its parameters."""
        names = "".join(f", o{i}, l{i}" for i in range(len(self.openings)))
        arrays = "%s::date[], %s::float8[]" + ", %s::float8[], %s::float8[]" * len(self.openings)
        params = [self.days, self.passed, *(literal for opening in self.openings for literal in opening)]
        midnight = f"d.day::timestamp AT TIME ZONE '{ZONE.key}' AS midnight"
        rows = f"SELECT d.*, {midnight} FROM unnest({arrays}) AS d(day, passed{names})"
        return f"workday AS MATERIALIZED ({rows})", params

    def passed_at(self, alias: str, instant: str) -> str:
        """SQL for W(instant), given `join` under that alias."""
        since = f"date_part('epoch', {instant} - {alias}.midnight)"
        terms = (f" + least(greatest({since} - {alias}.o{i}, 0), {alias}.l{i})" for i in range(len(self.openings)))
        return f"({alias}.passed{''.join(terms)})"

    def join(self, alias: str, instant: str) -> str:
        return f"LEFT JOIN workday {alias} ON {alias}.day = ({instant} AT TIME ZONE '{ZONE.key}')::date"


@lru_cache(maxsize=8)
def compile_days(calendar: WorkCalendar, first: date, last: date) -> Workdays:
    """The calendar's openings from `first` to `last`, both included, and the working seconds before each day."""
    by_day: dict[date, list[tuple[float, float]]] = {}
    for begin, end in worktime.intervals(midnight(first), midnight(last + DAY), calendar):
        while begin < end:
            day = begin.astimezone(ZONE).date()
            border = min(end, midnight(day + DAY))
            opening = ((begin - midnight(day)).total_seconds(), (border - begin).total_seconds())
            by_day.setdefault(day, []).append(opening)
            begin = border
    days = [first + DAY * i for i in range((last - first).days + 1)]
    passed = list(accumulate((sum(length for _at, length in by_day.get(day, ())) for day in days), initial=0.0))
    most = max(map(len, by_day.values()), default=0)
    openings = []
    for index in range(most):
        column = [by_day[day][index] if len(by_day.get(day, ())) > index else (0.0, 0.0) for day in days]
        openings.append((_literal(begin for begin, _length in column), _literal(length for _begin, length in column)))
    return Workdays(_literal(days), _literal(passed[:-1]), tuple(openings))


def _literal(values: Iterable[object]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


def years_around(first: datetime, last: datetime) -> tuple[date, date]:
    """Whole years, so that the compiled days are found again in the next request."""
    return date(first.astimezone(ZONE).year, 1, 1), date(last.astimezone(ZONE).year, 12, 31)
