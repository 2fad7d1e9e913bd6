"""Statutory holidays and make-up working days (调休) as override rows. Pure: files arrive as text or bytes.

The library `chinesecalendar` carries the State Council's notices; later years come as holiday JSON or as ICS.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from chinese_calendar import constants
from icalendar import Calendar

from sla.calendars import FIRST_YEAR, LAST_YEAR, Slot
from sla.errors import WorktimeError, gettext_noop

LIBRARY, JSON_FILE, ICS_FILE = "chinesecalendar", "json", "ics"
WORK_WORDS = ("班", "补班", "上班", "工作日", "workday", "make-up")
LONGEST_HOLIDAY = 60  # days; a longer event in a file is a mistake

_CHINESE = {holiday.value: holiday.chinese for holiday in constants.Holiday}


class OverrideRow(NamedTuple):
    """One dated exception: no slots is a rest day, slots are the hours of a make-up working day."""

    day: date
    slots: tuple[Slot, ...]
    name: str
    source: str


def known_until() -> date:
    """The last day for which the library holds a published arrangement."""
    return date(max(constants.holidays).year, 12, 31)


def override_rows(
    *, slots: Sequence[Slot], first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR
) -> list[OverrideRow]:
    """Every day of the library's notices in the years asked for, by date. Years it does not know give no rows."""
    hours = tuple(slots)
    rows = [OverrideRow(day, (), _CHINESE.get(name, name), LIBRARY) for day, name in constants.holidays.items()]
    rows += [OverrideRow(day, hours, _CHINESE.get(name, name), LIBRARY) for day, name in constants.workdays.items()]
    return sorted(row for row in rows if first_year <= row.day.year <= last_year)


def parse_holiday_json(text: str | bytes, *, slots: Sequence[Slot]) -> tuple[list[OverrideRow], date | None]:
    """Rows of `{"year": 2027, "papers": [address], "days": [{"name", "date", "isOffDay"}]}` and the day they reach to.

    The source of a row is the address of the notice when the file names one.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise WorktimeError("file", gettext_noop("The file is not JSON.")) from None
    if not isinstance(data, dict) or not isinstance(data.get("days"), list):
        raise WorktimeError("file", gettext_noop("The file has no list of days."))
    papers = data.get("papers")
    source = str(papers[0]) if isinstance(papers, list) and papers else JSON_FILE
    rows = []
    for number, entry in enumerate(data["days"], start=1):
        try:
            day, is_off = date.fromisoformat(entry["date"]), entry["isOffDay"]
        except (KeyError, TypeError, ValueError):
            day, is_off = date.min, None
        if not isinstance(is_off, bool):
            raise WorktimeError("file", gettext_noop("Day %(number)s of the file is not understood."), number=number)
        rows.append(OverrideRow(day, () if is_off else tuple(slots), str(entry.get("name", "")), source))
    year = data.get("year")
    reaches = date(year, 12, 31) if rows and isinstance(year, int) and FIRST_YEAR <= year <= LAST_YEAR else None
    return _one_a_day(rows), reaches


def parse_ics(data: str | bytes, *, slots: Sequence[Slot], source: str = ICS_FILE) -> list[OverrideRow]:
    """Rows of an ICS holiday calendar: an event is a rest day unless its summary says it is a working day (班).

    An ICS file does not say how far it is complete, so the person who imports it sets `known_until`.
    """
    try:
        events = Calendar.from_ical(data).walk("VEVENT")
    except (ValueError, IndexError, KeyError):
        raise WorktimeError("file", gettext_noop("The file is not an ICS calendar.")) from None
    rows = []
    for number, event in enumerate(events, start=1):
        begin, end = _event_days(event, number)
        name = str(event.get("SUMMARY", ""))
        hours = tuple(slots) if any(word in name.lower() for word in WORK_WORDS) else ()
        rows += [OverrideRow(begin + timedelta(days=n), hours, name, source) for n in range((end - begin).days)]
    return _one_a_day(rows)


def _event_days(event: object, number: int) -> tuple[date, date]:
    """First day and the day after the last one."""
    try:
        begin = _as_date(event.decoded("DTSTART"))  # type: ignore[attr-defined]
        last = event.decoded("DTEND") if "DTEND" in event else None  # type: ignore[attr-defined,operator]
    except (KeyError, ValueError, TypeError):
        raise WorktimeError("file", gettext_noop("Event %(number)s of the file has no date."), number=number) from None
    end = _as_date(last) if last is not None else begin + timedelta(days=1)
    if (isinstance(last, datetime) and last.time() > datetime.min.time()) or end == begin:
        end += timedelta(days=1)
    if not 0 < (end - begin).days <= LONGEST_HOLIDAY:
        raise WorktimeError(
            "file",
            gettext_noop("Event %(number)s of the file lasts less than a day or more than %(most)s days."),
            number=number,
            most=LONGEST_HOLIDAY,
        )
    return begin, end


def _as_date(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise TypeError(value)


def _one_a_day(rows: Iterable[OverrideRow]) -> list[OverrideRow]:
    """By date; a day named twice with different hours is refused."""
    kept: dict[date, OverrideRow] = {}
    for row in rows:
        other = kept.setdefault(row.day, row)
        if other.slots != row.slots:
            raise WorktimeError(
                "file", gettext_noop("The file calls %(day)s both a rest day and a working day."), day=row.day
            )
    return [kept[day] for day in sorted(kept)]
