"""Periods of the calendar in the organisation's time: [start, end), weeks from Monday. Pure: no database, no "now"."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
EARLIEST, LATEST = date(1970, 1, 1), date(2200, 1, 1)
Interval = Literal["day", "week", "month", "quarter", "year"]
INTERVALS: tuple[Interval, ...] = ("day", "week", "month", "quarter", "year")
# How PostgreSQL names the interval that a local time falls into; `key_of` says the same in Python.
SQL_KEYS = {
    "day": "YYYY-MM-DD",
    "week": 'IYYY"-W"IW',
    "month": "YYYY-MM",
    "quarter": 'YYYY"-Q"Q',
    "year": "YYYY",
}


@dataclass(frozen=True)
class Period:
    """[start, end), both aware."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a period needs a time zone")
        if self.start >= self.end:
            raise ValueError("a period ends after it starts")

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end

    @property
    def last_day(self) -> date:
        return (self.end - timedelta(microseconds=1)).astimezone(ZONE).date()

    def as_json(self) -> dict[str, str]:
        return {"from": self.start.astimezone(ZONE).isoformat(), "to": self.end.astimezone(ZONE).isoformat()}


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZONE)


def between(start: date, end: date) -> Period:
    """From the first midnight to the second one."""
    return Period(midnight(start), midnight(end))


def first_day(day: date, interval: Interval) -> date:
    """The first day of the interval that holds `day`."""
    if interval == "week":
        return day - timedelta(days=day.weekday())
    if interval == "month":
        return day.replace(day=1)
    if interval == "quarter":
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    if interval == "year":
        return date(day.year, 1, 1)
    return day


def moved(first: date, interval: Interval, by: int) -> date:
    """The first day of the interval `by` steps after the one that begins on `first`."""
    if interval in ("day", "week"):
        return first + timedelta(days=by * (7 if interval == "week" else 1))
    months = first.year * 12 + first.month - 1 + by * {"month": 1, "quarter": 3, "year": 12}[interval]
    return date(months // 12, months % 12 + 1, 1)


def containing(at: datetime | date, interval: Interval) -> Period:
    """The whole interval that holds an instant or a day."""
    day = at.astimezone(ZONE).date() if isinstance(at, datetime) else at
    first = first_day(day, interval)
    return between(first, moved(first, interval, 1))


def kind_of(period: Period) -> Interval | None:
    """The interval that the period is exactly, if it is one."""
    return next((kind for kind in INTERVALS if containing(period.start, kind) == period), None)


def previous(period: Period) -> Period:
    """The one before: the calendar's for whole weeks, months, quarters and years, else the same length."""
    kind = kind_of(period)
    if kind:
        first = period.start.astimezone(ZONE).date()
        return between(moved(first, kind, -1), first)
    return Period(period.start - (period.end - period.start), period.start)


def following(period: Period) -> Period:
    kind = kind_of(period)
    if kind:
        return containing(period.end, kind)
    return Period(period.end, period.end + (period.end - period.start))


def a_year_before(period: Period) -> Period:
    """The same dates a year earlier; 29 February becomes the 28th, the n-th ISO week the n-th of that year."""
    if kind_of(period) == "week":
        year, week, _day = period.start.astimezone(ZONE).isocalendar()
        last = date(year - 1, 12, 28).isocalendar().week
        return containing(date.fromisocalendar(year - 1, min(week, last), 1), "week")
    start, end = _last_year(period.start), _last_year(period.end)
    return Period(start, end if end > start else start + (period.end - period.start))


def _last_year(at: datetime) -> datetime:
    local = at.astimezone(ZONE)
    try:
        return local.replace(year=local.year - 1)
    except ValueError:
        return local.replace(year=local.year - 1, day=28)


def key_of(at: datetime, interval: Interval) -> str:
    """`2026-10-03`, `2026-W40`, `2026-10`, `2026-Q4`, `2026`."""
    local = at.astimezone(ZONE)
    if interval == "day":
        return f"{local:%Y-%m-%d}"
    if interval == "week":
        year, week, _day = local.isocalendar()
        return f"{year:04}-W{week:02}"
    if interval == "month":
        return f"{local:%Y-%m}"
    return f"{local:%Y}-Q{(local.month + 2) // 3}" if interval == "quarter" else f"{local:%Y}"


def steps(period: Period, interval: Interval) -> Iterator[tuple[str, Period]]:
    """The intervals that touch the period, with their keys, cut to the period at both ends."""
    step = containing(period.start, interval)
    while step.start < period.end:
        yield key_of(step.start, interval), Period(max(step.start, period.start), min(step.end, period.end))
        step = containing(step.end, interval)


def parse_instant(text: str) -> datetime:
    """A date (its midnight) or an ISO instant; without an offset in the organisation's time. ValueError otherwise."""
    value = text.strip().replace(" ", "+") if "T" in text else text.strip()
    at = datetime.fromisoformat(value)
    try:
        at = at if at.tzinfo else at.replace(tzinfo=ZONE)
        at.astimezone(UTC)
        return at.astimezone(ZONE)
    except OverflowError as error:
        raise ValueError(text) from error


def parse(start: str, end: str) -> Period:
    """A period from two texts as `parse_instant` reads them. ValueError when it does not end after it starts.

    Both lie within `EARLIEST` and `LATEST`: beyond, the year before or the day after may not exist.
    """
    period = Period(parse_instant(start), parse_instant(end))
    if not EARLIEST <= period.start.date() <= period.end.date() <= LATEST:
        raise ValueError(f"between {EARLIEST} and {LATEST}")
    return period


def parse_start(text: str) -> date:
    """The day that `2018-03`, `2018`, `2018-W10`, `2018-Q2` or `2018-03-05` begins with. ValueError otherwise."""
    text = text.strip()
    try:
        if "-W" in text:
            year, week = text.split("-W")
            return date.fromisocalendar(int(year), int(week), 1)
        if "-Q" in text:
            year, quarter = text.split("-Q")
            return date(int(year), int(quarter) * 3 - 2, 1)
        if len(text) == 4:
            return date(int(text), 1, 1)
        return date.fromisoformat(f"{text}-01" if len(text) == 7 else text)
    except ValueError:
        raise ValueError(text) from None
