"""Time limits as arithmetic over a compiled calendar. Pure: no Django, no database, no "now".

Units: `s` `m` `h` run day and night; `wm` `wh` run in working hours; `wd` working days and `d` natural days leave out
the day of receipt (Civil Code art. 201) and end with a day (art. 203). `sla/README.md` states the rules.
All results are in the calendar's zone.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import NamedTuple

from sla.calendars import DAY, EPOCH, FIRST_YEAR, LAST_YEAR, MICRO, OUT_OF_RANGE, WorkCalendar, micros
from sla.errors import WorktimeError, gettext_noop

CLOCK_SECONDS = {"s": 1, "m": 60, "h": 3600}
WORKING_SECONDS = {"wm": 60, "wh": 3600}
UNITS = (*CLOCK_SECONDS, *WORKING_SECONDS, "wd", "d")
_SECONDS = CLOCK_SECONDS | WORKING_SECONDS | {"wd": 1, "d": 1}
_LONGEST = (LAST_YEAR - FIRST_YEAR + 1) * 366 * DAY  # seconds; no limit is longer than the calendar's range
_EARLIEST, _LATEST = (micros(datetime(year, 1, 1, tzinfo=EPOCH.tzinfo)) for year in (FIRST_YEAR, LAST_YEAR))

Amount = int | float | Decimal | Fraction


def next_open(at: datetime, calendar: WorkCalendar) -> datetime:
    """`at` itself inside working hours, else the next opening. The moment of closing is outside."""
    return calendar.local(calendar.next_open(micros(at)))


def add_working(start: datetime, seconds: int, calendar: WorkCalendar) -> datetime:
    """The first instant by which so many working seconds have passed; a limit may end exactly at closing."""
    if seconds < 0:
        raise _negative("seconds")
    _refuse_too_long(seconds, "seconds")
    return calendar.local(calendar.add(micros(start), seconds * MICRO))


def working_between(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """Working time in [start, end)."""
    a, b = _span(start, end)
    return timedelta(microseconds=calendar.between(a, b))


def intervals(start: datetime, end: datetime, calendar: WorkCalendar) -> list[tuple[datetime, datetime]]:
    """The working intervals inside [start, end); their lengths add up to `working_between`."""
    a, b = _span(start, end)
    return [(calendar.local(x), calendar.local(y)) for x, y in calendar.intervals(a, b)]


def due(
    start: datetime,
    amount: Amount,
    unit: str,
    calendar: WorkCalendar,
    late_receipt_counts_next_day: bool = False,
) -> datetime:
    """When a limit that begins at `start` ends. The due time itself is still in time.

    `late_receipt_counts_next_day` takes a receipt at or after closing, or on a rest day, as received on the next
    working day; it matters to `wd` only.
    """
    instant = micros(start)
    if unit != "wd":
        return calendar.local(measure_limit(instant, amount, unit, calendar).due)
    size = _size(amount, unit)
    if size < 1:
        raise _too_few("amount", unit)
    day = _day_of_receipt(instant, calendar, late_receipt_counts_next_day)
    return calendar.local(calendar.working_day(day, size)[1])


def retreat(at: datetime, amount: Amount, unit: str, calendar: WorkCalendar) -> datetime:
    """`amount` before `at`, in the unit's own time: one working hour before Monday 09:30 is Friday 17:30.

    `wd` gives the close of business of the n-th working day before the day of `at`, `d` the same wall time n days
    before.
    """
    instant, size = micros(at), _size(amount, unit)
    if unit in CLOCK_SECONDS:
        return calendar.local(_in_range(instant - size))
    if unit in WORKING_SECONDS:
        return calendar.local(calendar.take(instant, size))
    day = calendar.day_of(instant)
    if size == 0:
        return calendar.local(instant)
    if unit == "wd":
        return calendar.local(calendar.working_day_before(day, size)[1])
    wall = instant - calendar.midnight(day)
    return calendar.local(_in_range(calendar.midnight(max(day - size, 1)) + wall))


def offset(at: datetime, amount: Amount, unit: str, calendar: WorkCalendar) -> datetime:
    """A threshold before (negative) or after a due time in the unit's own time, such as `+1 wd`; 0 is `at` itself."""
    if amount == 0:
        return calendar.local(micros(at))
    return due(at, amount, unit, calendar) if amount > 0 else retreat(at, -amount, unit, calendar)


def at_share(
    start: datetime,
    percent: Amount,
    amount: Amount,
    unit: str,
    calendar: WorkCalendar,
    late_receipt_counts_next_day: bool = False,
) -> datetime:
    """When `percent` of a limit is used, in the unit's own time. For clocks with pauses ask `sla.replay`."""
    return shares(start, amount, unit, calendar, late_receipt_counts_next_day)(percent)


def shares(
    start: datetime, amount: Amount, unit: str, calendar: WorkCalendar, late_receipt_counts_next_day: bool = False
) -> Callable[[Amount], datetime]:
    """`at_share` of one limit for any percentage; the limit is measured once, when the first is asked for."""
    limit: Limit | None = None

    def at(percent: Amount) -> datetime:
        nonlocal limit
        if limit is None:
            limit = measure_limit(micros(start), amount, unit, calendar, late_receipt_counts_next_day)
        used = share_of(limit.length, percent)
        if used == limit.length:
            return calendar.local(limit.due)
        if limit.working:
            return calendar.local(calendar.add(limit.count_from, used) if used else limit.count_from)
        return calendar.local(limit.count_from + used)

    return at


def is_provisional(at: datetime, calendar: WorkCalendar) -> bool:
    """The due time lies beyond the published holiday arrangements: compute it again when they arrive."""
    return calendar.known_until is not None and calendar.day_of(micros(at) - 1) > calendar.known_until.toordinal()


class Limit(NamedTuple):
    """A limit laid on the time line. Instants and lengths in microseconds."""

    count_from: int  # counting begins here: the start, or the end of the day of receipt
    working: bool  # the length is working time, else clock time
    length: int
    counted_until: int  # the length is used up here
    due: int  # the same, moved past rest days for `d`


def measure_limit(
    start: int, amount: Amount, unit: str, calendar: WorkCalendar, late_receipt_counts_next_day: bool = False
) -> Limit:
    size = _size(amount, unit)
    if unit in CLOCK_SECONDS:
        end = _in_range(start + size)
        return Limit(start, False, size, end, end)
    if unit in WORKING_SECONDS:
        end = calendar.add(start, size)
        return Limit(start, True, size, end, end)
    if size < 1:
        raise _too_few("amount", unit)
    if unit == "d":
        day = calendar.day_of(start)
        count_from = calendar.midnight(day + 1)
        end = _in_range(calendar.midnight(day + 1 + size))
        return Limit(count_from, False, end - count_from, end, past_rest_days(end, calendar))
    day = _day_of_receipt(start, calendar, late_receipt_counts_next_day)
    end = calendar.working_day(day, size)[1]
    count_from = calendar.midnight(day + 1)
    if any(closes > DAY for _, closes in calendar.slots_of(day)):  # a slot over midnight belongs to the day of receipt
        count_from = max(count_from, calendar.working_day(day - 1, 1)[1])
    return Limit(count_from, True, calendar.between(count_from, end), end, end)


def _day_of_receipt(start: int, calendar: WorkCalendar, late_receipt_counts_next_day: bool) -> int:
    """The day that is not counted."""
    day = calendar.day_of(start)
    if late_receipt_counts_next_day:
        next_day, close = calendar.working_day(day - 1, 1)
        if next_day > day:
            return next_day
        if start >= close:
            return calendar.working_day(day, 1)[0]
    return day


def past_rest_days(end: int, calendar: WorkCalendar) -> int:
    """`end` when the day it ends is a working day, else 24:00 of the next working day (Civil Code art. 203)."""
    day = calendar.day_of(end - 1)
    if calendar.is_working_day(day):
        return end
    return calendar.midnight(calendar.working_day(day, 1)[0] + 1)


def share_of(length: int, percent: Amount) -> int:
    """`percent` of a length, to the microsecond."""
    if not 0 <= percent <= 100:
        raise WorktimeError("percent", gettext_noop("The share must lie between 0 and 100 percent."))
    if type(percent) is int:  # as below, without fractions: the nearest, of two the even one
        whole, rest = divmod(length * percent, 100)
        return whole + (rest > 50 or (rest == 50 and whole % 2))
    return round(Fraction(length) * Fraction(str(percent)) / 100)


def _size(amount: Amount, unit: str) -> int:
    """Microseconds for units of time, a whole number for units of days."""
    factor = _SECONDS.get(unit) if isinstance(unit, str) else None
    if factor is None:
        raise WorktimeError(
            "unit", gettext_noop("“%(unit)s” is not one of %(units)s."), unit=unit, units=" ".join(UNITS)
        )
    if type(amount) is not int:
        if isinstance(amount, bool) or not isinstance(amount, int | float | Decimal | Fraction):
            raise WorktimeError("amount", gettext_noop("The amount must be a number."))
        if not _is_finite(amount):
            raise WorktimeError("amount", gettext_noop("The amount must be a number."))
        exact = Fraction(str(amount)) * factor
        if exact.denominator != 1:
            raise WorktimeError(
                "amount",
                gettext_noop("The amount must come to whole days.")
                if unit in ("wd", "d")
                else gettext_noop("The amount must come to whole seconds."),
            )
        seconds = int(exact)
    else:
        seconds = amount * factor
    if seconds < 0:
        raise _negative("amount")
    _refuse_too_long(seconds * (DAY if unit in ("wd", "d") else 1), "amount")
    return seconds if unit in ("wd", "d") else seconds * MICRO


def _is_finite(amount: Amount) -> bool:
    try:
        return isfinite(amount)  # a Decimal or Fraction too large for a float counts as no number
    except OverflowError:
        return False


def _span(start: datetime, end: datetime) -> tuple[int, int]:
    a, b = micros(start, "from"), micros(end, "to")
    if b < a:
        raise WorktimeError("to", gettext_noop("The end lies before the beginning."))
    return a, b


def _in_range(instant: int) -> int:
    if not _EARLIEST <= instant <= _LATEST:
        raise WorktimeError("amount", OUT_OF_RANGE, first=FIRST_YEAR, last=LAST_YEAR)
    return instant


def _refuse_too_long(seconds: int, field: str) -> None:
    if seconds > _LONGEST:
        raise WorktimeError(field, OUT_OF_RANGE, first=FIRST_YEAR, last=LAST_YEAR)


def _negative(field: str) -> WorktimeError:
    return WorktimeError(field, gettext_noop("The amount must not be negative."))


def _too_few(field: str, unit: str) -> WorktimeError:
    return WorktimeError(field, gettext_noop("A limit in “%(unit)s” is at least 1."), unit=unit)
