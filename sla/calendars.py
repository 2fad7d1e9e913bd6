"""The compiled working calendar: weekly hours, dated overrides and a zone as sorted numbers.

Pure: no Django, no database, no "now". Inside, an instant is a whole number of microseconds since 1970 UTC, and a
day is its `date.toordinal()`. The table of intervals grows year by year as it is asked, between `FIRST_YEAR` and
`LAST_YEAR`; every question is then a bisection over it.

A slot belongs to the day on which it begins, an override replaces the slots that begin on its date.
A wall time that the clock shows twice means the first time; one that it skips means the moment of the jump.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from threading import Lock
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sla.errors import WorktimeError, gettext_noop

FIRST_YEAR, LAST_YEAR = 1900, 2200
DAY = 86_400
MICRO = 1_000_000
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = EPOCH.toordinal()
_EPOCH_WALL = EPOCH.replace(tzinfo=None)
_YEAR = timedelta(days=366)

Slot = tuple[int, int]
"""Opening and closing in seconds after midnight; the closing of a slot over midnight is beyond 86,400."""

NO_OPENING = gettext_noop("The calendar has no opening within a year after %(day)s.")
OUT_OF_RANGE = gettext_noop("The time must lie between the years %(first)s and %(last)s.")


def micros(at: datetime, field: str = "start") -> int:
    """The instant as microseconds since 1970 UTC."""
    if at.tzinfo is None:
        raise WorktimeError(field, gettext_noop("The time needs a time zone."))
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise WorktimeError(field, OUT_OF_RANGE, first=FIRST_YEAR, last=LAST_YEAR)
    span = at - EPOCH
    return (span.days * DAY + span.seconds) * MICRO + span.microseconds


class _Table(NamedTuple):
    first: int  # first compiled day
    until: int  # day after the last compiled one
    valid_from: int  # from this instant on no slot of an earlier day reaches in
    valid_until: int
    opens: list[int]
    closes: list[int]
    before: list[int]  # working microseconds before interval i; one longer than opens
    days: list[int]  # working days
    day_closes: list[int]  # close of business of each


class WorkCalendar:
    """Compare by identity, share freely: nothing but the growing table changes, and that under a lock."""

    def __init__(
        self,
        *,
        weekly: Mapping[int, Sequence[Slot]],
        overrides: Mapping[date, Sequence[Slot]] | None = None,
        zone: ZoneInfo,
        code: str = "",
        known_until: date | None = None,
    ) -> None:
        """`weekly` by weekday, 0 is Monday. Refuses overlapping slots and a calendar that stays shut for a year."""
        self.code, self.zone, self.known_until = code, zone, known_until
        self._weekly = {day: _sorted_slots(weekly.get(day, ()), f"weekly.{WEEKDAYS[day]}") for day in range(7)}
        self._overrides = {
            day.toordinal(): _sorted_slots(slots, f"overrides.{day}") for day, slots in (overrides or {}).items()
        }
        self._refuse_overlap_over_midnight()
        self._refuse_a_closed_year()
        self._table: _Table | None = None
        self._lock = Lock()

    # --- checks at construction -------------------------------------------------------------------
    def slots_of(self, day: int) -> tuple[Slot, ...]:
        """The slots that begin on the day, given as its ordinal."""
        slots = self._overrides.get(day)
        return self._weekly[(day - 1) % 7] if slots is None else slots

    def _refuse_overlap_over_midnight(self) -> None:
        ordinary = {weekday: self._weekly[weekday] for weekday in range(7)}
        for weekday, slots in ordinary.items():
            _refuse_overlap(slots, ordinary[(weekday + 1) % 7], f"weekly.{WEEKDAYS[(weekday + 1) % 7]}")
        for day in self._overrides:
            for earlier in (day - 1, day):
                _refuse_overlap(
                    self.slots_of(earlier), self.slots_of(earlier + 1), f"overrides.{date.fromordinal(day)}"
                )

    def _refuse_a_closed_year(self) -> None:
        if not any(self._weekly.values()) and not any(self._overrides.values()):
            raise WorktimeError("weekly", gettext_noop("The calendar has no opening at all."))
        if len(self._overrides) < 50 or not any(self._weekly.values()):
            return  # too few overrides to close a year; without weekly hours each question checks for itself
        last_open = min(self._overrides) - 1
        for day in range(min(self._overrides), max(self._overrides) + 8):
            if self.slots_of(day):
                last_open = day
            elif day - last_open > _YEAR.days:
                raise WorktimeError("overrides", NO_OPENING, day=date.fromordinal(last_open))

    # --- wall clock and instants ------------------------------------------------------------------
    def local(self, instant: int) -> datetime:
        if instant % MICRO:
            return (EPOCH + timedelta(microseconds=instant)).astimezone(self.zone)
        return datetime.fromtimestamp(instant // MICRO, self.zone)  # the same in half the time

    def day_of(self, instant: int) -> int:
        """The local date of an instant, as ordinal."""
        return self.local(instant).toordinal()

    def midnight(self, day: int) -> int:
        """The instant at which the local day begins."""
        return self._instant((day - _EPOCH_DAY) * DAY) * MICRO

    def _offset(self, wall: int, fold: int = 0) -> int:
        moment = (_EPOCH_WALL + timedelta(seconds=wall)).replace(fold=fold)
        offset = self.zone.utcoffset(moment)
        return offset.days * DAY + offset.seconds if offset is not None else 0

    def _instant(self, wall: int) -> int:
        """UTC seconds of a wall clock reading (seconds since 1970-01-01 00:00 on the wall)."""
        before, after = self._offset(wall), self._offset(wall, fold=1)
        if after <= before:
            return wall - before
        low, high = wall - after - 1, wall - before  # skipped: find the jump between the two readings
        while high - low > 1:
            middle = (low + high) // 2
            moment = (EPOCH + timedelta(seconds=middle)).astimezone(self.zone)
            offset = moment.utcoffset()
            if offset is not None and offset.days * DAY + offset.seconds >= after:
                high = middle
            else:
                low = middle
        return high

    # --- compiling --------------------------------------------------------------------------------
    def _compile(self, first: int, until: int, old: _Table | None) -> _Table:
        """The table of the days [first, until), joined to an old one that touches it."""
        opens: list[int] = []
        closes: list[int] = []
        days: list[int] = []
        day_closes: list[int] = []
        offsets = [self._offset((day - _EPOCH_DAY) * DAY) for day in range(first, until + 2)]
        for index, day in enumerate(range(first, until)):
            slots = self.slots_of(day)
            if not slots:
                continue
            wall = (day - _EPOCH_DAY) * DAY
            steady = offsets[index] == offsets[index + 1] == offsets[index + 2]
            worked = False
            for begin, end in slots:
                if steady:
                    a, b = wall + begin - offsets[index], wall + end - offsets[index]
                else:
                    a, b = self._instant(wall + begin), self._instant(wall + end)
                if b > a:
                    opens.append(a * MICRO)
                    closes.append(b * MICRO)
                    worked = True
            if worked:
                days.append(day)
                day_closes.append(closes[-1])
        if old is not None and old.until == first:
            first = old.first
            opens, closes = old.opens + opens, old.closes + closes
            days, day_closes = old.days + days, old.day_closes + day_closes
        elif old is not None:
            until = old.until
            opens, closes = opens + old.opens, closes + old.closes
            days, day_closes = days + old.days, day_closes + old.day_closes
        before = [0]
        total = 0
        for a, b in zip(opens, closes, strict=True):
            total += b - a
            before.append(total)
        return _Table(
            first, until, self.midnight(first + 1), self.midnight(until), opens, closes, before, days, day_closes
        )

    def _reach_back(self, instant: int) -> _Table:
        """A table that is valid from the instant on."""
        with self._lock:
            table = self._table
            if table is None:
                year = (EPOCH + timedelta(microseconds=instant)).year
                self._check_year(year)
                first = date(max(year, FIRST_YEAR), 1, 1).toordinal()
                table = self._compile(first, date(year + 2, 1, 1).toordinal(), None)
            while instant < table.valid_from:
                year = date.fromordinal(table.first).year - 1
                if year < FIRST_YEAR - 1:
                    raise WorktimeError("start", OUT_OF_RANGE, first=FIRST_YEAR, last=LAST_YEAR)
                table = self._compile(date(year, 1, 1).toordinal(), table.first, table)
            self._table = table
            return table

    def _reach_on(self, known: _Table) -> _Table:
        """A table with at least one more year than the one the caller holds."""
        with self._lock:
            table = self._table
            assert table is not None
            if table.until <= known.until:
                year = date.fromordinal(table.until).year
                if year > LAST_YEAR:
                    raise WorktimeError("amount", OUT_OF_RANGE, first=FIRST_YEAR, last=LAST_YEAR)
                table = self._table = self._compile(table.until, date(year + 1, 1, 1).toordinal(), table)
            return table

    @staticmethod
    def _check_year(year: int) -> None:
        if not FIRST_YEAR - 1 <= year <= LAST_YEAR + 1:
            raise WorktimeError("start", OUT_OF_RANGE, first=FIRST_YEAR, last=LAST_YEAR)

    def _covering(self, start: int, end: int) -> _Table:
        """A table in which every slot that touches [start, end] is compiled."""
        table = self._table
        if table is None or start < table.valid_from:
            table = self._reach_back(start)
        while end > table.valid_until:
            table = self._reach_on(table)
        return table

    def _covering_days(self, first: int, until: int) -> _Table:
        """A table in which the days [first, until) are compiled."""
        table = self._table
        if table is None or first < table.first or until > table.until:
            table = self._covering(self.midnight(first), self.midnight(until))
        return table

    # --- questions --------------------------------------------------------------------------------
    def next_open(self, instant: int) -> int:
        """The instant itself when it is inside working hours, else the next opening."""
        table = self._covering(instant, instant)
        while (index := bisect_right(table.closes, instant)) == len(table.closes):
            if table.valid_until - instant > 367 * DAY * MICRO:
                raise WorktimeError("calendar", NO_OPENING, day=self.local(instant).date())
            table = self._reach_on(table)
        if table.opens[index] - instant > 367 * DAY * MICRO:
            raise WorktimeError("calendar", NO_OPENING, day=self.local(instant).date())
        return max(instant, table.opens[index])

    def add(self, instant: int, amount: int) -> int:
        """The first instant by which `amount` working microseconds have passed; with 0 the next opening."""
        if amount <= 0:
            return self.next_open(instant)
        table = self._table
        if table is None or instant < table.valid_from:
            table = self._reach_back(instant)
        closes = table.closes
        index = bisect_right(closes, instant)
        while index == len(closes):
            self.next_open(instant)
            table = self._reach_on(table)
            closes = table.closes
            index = bisect_right(closes, instant)
        opened, before = table.opens[index], table.before
        target = before[index] + amount + (instant - opened if instant > opened else 0)
        while target > before[-1]:
            table = self._reach_on(table)
            before = table.before
        index = bisect_left(before, target, index) - 1
        return table.opens[index] + target - before[index]

    def take(self, instant: int, amount: int) -> int:
        """The last instant from which `amount` working microseconds remain until `instant`."""
        if amount <= 0:
            return instant
        table = self._covering(instant, instant)
        while (target := self._worked(table, instant) - amount) < 0:
            table = self._reach_back(table.valid_from - 1)
        index = bisect_right(table.before, target) - 1
        return table.opens[index] + target - table.before[index]

    def between(self, start: int, end: int) -> int:
        """Working microseconds in [start, end)."""
        table = self._covering(start, end)
        return self._worked(table, end) - self._worked(table, start)

    @staticmethod
    def _worked(table: _Table, instant: int) -> int:
        index = bisect_right(table.closes, instant)
        worked = table.before[index]
        if index < len(table.opens) and instant > table.opens[index]:
            worked += instant - table.opens[index]
        return worked

    def intervals(self, start: int, end: int) -> list[tuple[int, int]]:
        """The working intervals inside [start, end), touching ones joined. At most one for each opening."""
        table = self._covering(start, end)
        found: list[tuple[int, int]] = []
        for index in range(bisect_right(table.closes, start), bisect_left(table.opens, end)):
            a, b = max(table.opens[index], start), min(table.closes[index], end)
            if found and found[-1][1] == a:
                found[-1] = (found[-1][0], b)
            else:
                found.append((a, b))
        return found

    def working_day(self, after: int, number: int) -> tuple[int, int]:
        """The n-th working day after a day: its ordinal and the instant of its close of business."""
        table = self._covering_days(after, after + 1)
        index = bisect_right(table.days, after) + number - 1
        while index >= len(table.days):
            if not table.days or table.until - max(table.days[-1], after) > 366:
                raise WorktimeError("calendar", NO_OPENING, day=date.fromordinal(after))
            table = self._reach_on(table)
        return table.days[index], table.day_closes[index]

    def working_day_before(self, before: int, number: int) -> tuple[int, int]:
        """The n-th working day before a day: its ordinal and its close of business."""
        table = self._covering_days(before - 1, before)
        while (index := bisect_left(table.days, before) - number) < 0:
            table = self._reach_back(table.valid_from - 1)
        return table.days[index], table.day_closes[index]

    def is_working_day(self, day: int) -> bool:
        days = self._covering_days(day, day + 1).days
        index = bisect_left(days, day)
        return index < len(days) and days[index] == day


def _sorted_slots(slots: Sequence[Slot], field: str) -> tuple[Slot, ...]:
    ordered = tuple(sorted(slots))
    for begin, end in ordered:
        if end == begin:
            raise WorktimeError(field, gettext_noop("A slot ends when it begins."))
        if not (0 <= begin < DAY and begin < end <= begin + DAY):
            raise WorktimeError(field, gettext_noop("A slot begins within the day and lasts at most 24 hours."))
    for (_, end), (begin, _) in pairwise(ordered):
        if begin < end:
            raise WorktimeError(field, gettext_noop("Two slots overlap."))
    return ordered


def _refuse_overlap(today: Sequence[Slot], tomorrow: Sequence[Slot], field: str) -> None:
    if today and tomorrow and today[-1][1] - DAY > tomorrow[0][0]:
        raise WorktimeError(field, gettext_noop("Two slots overlap over midnight."))
