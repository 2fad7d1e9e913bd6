"""The kept days as pages read them: summed, and honest about what is not counted yet. Reads only.

What has changed since, or was never kept, is counted on the spot while that is little; else the days as they were last
counted are told (`old`), and the missing ones are left out and named (`pending`) until the background job has them.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection

from reports import daily, kpi
from reports.daily import ADDED, FRACTIONS, LONG, TIMELY, days_of
from reports.models import DayFigures
from reports.periods import ZONE, Period, between
from tickets.models import Ticket

FEW = 3_000  # tickets received in the days of a page: counted while the reader waits


class Days:
    """The figures of some days, a few queries for all of them."""

    def __init__(self, days: Sequence[date], bys: Sequence[str]) -> None:
        self._span = between(min(days), max(days) + daily.DAY)
        self._changed = self._what_changed()  # before the rows, so that what changes meanwhile is not overlooked
        self._rows: dict[tuple[str, date], dict[str, Any]] = {}
        self._lengths: dict[tuple[str, date], list[float]] = {}
        stale = set()
        rows = DayFigures.objects.filter(by__in=bys, day__in=days).values_list("by", "day", "figures", "stale")
        for by, day, figures, is_stale in rows:
            self._rows[by, day] = figures
            if is_stale:
                stale.add(day)
        missing = {day for day in days if any((by, day) not in self._rows for by in bys)}
        wanted = {day for day in days if day in missing or day in stale or self._changed.holds(day)}
        if wanted and self._little:
            told = daily.count(bys, wanted)
            self._rows |= told.figures
            self._lengths = told.lengths
            wanted, missing = set(), set()
        self.pending = sorted(missing)
        self.old = bool(wanted - missing)

    @cached_property
    def _little(self) -> bool:
        received = Ticket.objects.filter(received_at__gte=self._span.start, received_at__lt=self._span.end)
        return received.order_by()[:FEW].count() < FEW

    def _what_changed(self) -> daily.Changed:
        """Days are only told apart where they will be counted on the spot."""
        if not daily.touched():
            return daily.Changed()
        return daily.changed(FEW) if self._little else daily.Changed(everything=True)

    def total(self, code: str, period: Period, by: str = "", key: str = "") -> Any:
        """The figure of whole days, like `kpi` says it, without what is running."""
        return told(code, [self._value(by, day, code, key) for day in days_of(period)])

    def keys(self, code: str, period: Period, by: str) -> list[tuple[str | None, ...]]:
        every = {key for day in days_of(period) for key in self._rows.get((by, day), {}).get(code, ())}
        return [tuple(part or None for part in key.split("\x1f")) for key in sorted(every)]

    def _value(self, by: str, day: date, code: str, key: str) -> Any:
        return self._rows.get((by, day), {}).get(code, {}).get(key)

    def working_shares(self, period: Period) -> dict[str, list[float | None]]:
        """Median and 90th percentile of the working time, by code."""
        counted_now = [(code, s) for (code, day), lengths in self._lengths.items() if _in(day, period) for s in lengths]
        with connection.cursor() as cursor:
            cursor.execute(
                _SHARES,
                [
                    period.start.astimezone(ZONE).date(),
                    period.last_day,
                    sorted({day for _code, day in self._lengths}),
                    [code for code, _s in counted_now],
                    [s for _code, s in counted_now],
                ],
            )
            return dict(cursor.fetchall())

    def levels(self, ends: Sequence[tuple[Period, bool]]) -> list[dict[str, Any]]:
        """What was open, and for the flagged ones also what was running and unfinished, at the end of each period."""
        days = [day for period, _running in ends if (day := daily.midnight_after(period))]
        known = {row.day: row for row in DayFigures.objects.filter(by=daily.LEVEL, day__in=days)}
        return [self._level(known, period, running) for period, running in ends]

    def _level(self, known: dict[date, DayFigures], period: Period, running: bool) -> dict[str, Any]:
        day = daily.midnight_after(period)
        row = known.get(day) if day else None
        if row is None:
            return daily.level(period, running)
        if row.stale or self._changed.level_holds(row.day):
            if self._little:
                return daily.level(period, running)
            self.old = True
        return row.figures


_SHARES = """
SELECT code, percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY s) FROM (
    SELECT code, unnest(working_s) AS s FROM reports_daylengths
    WHERE day BETWEEN %s AND %s AND NOT day = ANY(%s::date[])
    UNION ALL SELECT * FROM unnest(%s::text[], %s::float8[])) f (code, s) GROUP BY 1
"""


def _in(day: date, period: Period) -> bool:
    return period.start.astimezone(ZONE).date() <= day <= period.last_day


def told(code: str, values: Iterable[Any]) -> Any:
    if code == "volume":
        return sum(value or 0 for value in values)
    summed = dict.fromkeys(ADDED.get(code) or FRACTIONS.get(code, TIMELY), 0)
    for value in values:
        for name, number in (value or {}).items():
            summed[name] += number
    if code in LONG:
        mean = summed["working_s"] / summed["n"] if summed["n"] else None
        return {"working": {"mean_s": kpi.rounded(mean), "n": summed["n"]}}
    if code != "breaches":
        part, whole = FRACTIONS.get(code, TIMELY)
        summed["rate"] = kpi.rate(summed[part], summed[whole])
    return summed
