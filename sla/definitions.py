"""Calendars written as JSON: `{"zone", "weekly": {"mon": [["09:00", "12:00"]]}, "overrides": {"2026-10-01": []}}`."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sla.calendars import DAY, WEEKDAYS, Slot, WorkCalendar
from sla.errors import WorktimeError, gettext_noop

_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", re.ASCII)


def zone_named(name: object, field: str = "zone") -> ZoneInfo:
    try:
        if isinstance(name, str) and name:
            return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        pass
    raise WorktimeError(field, gettext_noop("There is no time zone “%(name)s”."), name=name)


def parse_time(text: object, field: str) -> int:
    """Seconds after midnight of "09:00" or "09:00:30"; "24:00" is the end of the day."""
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    if match:
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        total = hours * 3600 + minutes * 60 + seconds
        if minutes < 60 and seconds < 60 and total <= DAY:
            return total
    raise WorktimeError(field, gettext_noop("“%(text)s” is not a time of day such as 09:00."), text=text)


def parse_slots(pairs: object, field: str) -> list[Slot]:
    """`[["22:00", "06:00"]]` → `[(79200, 108000)]`: an end before the beginning is on the next day."""
    if not isinstance(pairs, list | tuple):
        raise WorktimeError(field, gettext_noop("The hours are a list of pairs."))
    slots = []
    for pair in pairs:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise WorktimeError(field, gettext_noop("The hours are a list of pairs."))
        begin, end = parse_time(pair[0], field), parse_time(pair[1], field)
        if begin == end:
            raise WorktimeError(field, gettext_noop("A slot ends when it begins."))
        slots.append((begin, end if end > begin else end + DAY))
    return slots


def parse_date(text: object, field: str) -> date:
    try:
        if isinstance(text, str) and len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise WorktimeError(field, gettext_noop("“%(text)s” is not a date such as 2026-10-01."), text=text)


def calendar_from_json(data: object, code: str = "") -> WorkCalendar:
    """Compiles one calendar. Keys it does not know are refused, so that a typing error is not a silent rest day."""
    known = {"zone", "weekly", "overrides", "known_until", "name"}
    if not isinstance(data, Mapping):
        raise WorktimeError("calendar", gettext_noop("The calendar must be a JSON object."))
    for key in data:
        if key not in known:
            raise WorktimeError(str(key), gettext_noop("The calendar has no such part."))
    weekly, overrides = _part(data, "weekly"), _part(data, "overrides")
    for key in weekly:
        if key not in WEEKDAYS:
            raise WorktimeError(f"weekly.{key}", gettext_noop("The days of the week are mon, tue, … sun."))
    known_until = data.get("known_until")
    return WorkCalendar(
        weekly={WEEKDAYS.index(key): parse_slots(pairs, f"weekly.{key}") for key, pairs in weekly.items()},
        overrides={
            parse_date(key, f"overrides.{key}"): parse_slots(pairs, f"overrides.{key}")
            for key, pairs in overrides.items()
        },
        zone=zone_named(data.get("zone")),
        code=code,
        known_until=parse_date(known_until, "known_until") if known_until is not None else None,
    )


def _part(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = data.get(name, {})
    if not isinstance(part, Mapping):
        raise WorktimeError(name, gettext_noop("This part of the calendar must be a JSON object."))
    return part
