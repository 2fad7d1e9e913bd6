"""The days on which a calendar differs from its week, and what they are called: so that a due time can be checked with
any calendar on the wall.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.remembered import remembered
from common.wording import in_chinese
from sla.models import Calendar, CalendarOverride

NAMES: dict[str, str | Promise] = {  # as the State Council's notices call them, with and without 节
    "元旦": gettext_lazy("New Year"),
    "春节": gettext_lazy("Spring Festival"),
    "清明": gettext_lazy("Qingming Festival"),
    "劳动": gettext_lazy("Labour Day"),
    "端午": gettext_lazy("Dragon Boat Festival"),
    "中秋": gettext_lazy("Mid-Autumn Festival"),
    "国庆": gettext_lazy("National Day"),
}

REST = "rest"
Days = Mapping[date, tuple[str, bool]]
"""By date: the reason on record, and whether it is worked."""


def of(code: str) -> Days:
    """Of the calendar with that code; shared, so nobody may change them. One query, two after a change."""
    return remembered("special days", (Calendar,), load).get(code, {})


def load() -> dict[str, dict[date, tuple[str, bool]]]:
    found: dict[str, dict[date, tuple[str, bool]]] = {}
    rows = CalendarOverride.objects.values_list("calendar__code", "date", "reason", "slots")
    for code, day, reason, slots in rows.iterator():
        found.setdefault(code, {})[day] = (reason, bool(slots))
    return found


def named(reason: str) -> str:
    """A statutory holiday in the reader's language; whatever a person wrote stays as it is."""
    known = NAMES.get(reason) or NAMES.get(reason.removesuffix("节"))
    return str(known) if known and not in_chinese() else reason


def is_made_up(day: date, days: Days) -> bool:
    """Whether it is a Saturday or Sunday that is worked (调休)."""
    return day.weekday() >= 5 and days.get(day, ("", False))[1]


def between(parts: Iterable[dict[str, Any]], days: Days) -> list[dict[str, Any]]:
    """The parts of a limit in working time, with a line for each stretch of whole days that lies between two of them."""
    found: list[dict[str, Any]] = []
    reached: date | None = None
    for part in parts:
        begins = part["start"].date()
        if reached is not None and (begins - reached).days > 1:
            found.append(rest(reached + timedelta(days=1), begins - timedelta(days=1), part["start"], days))
        ends = last_day(part["end"])
        reached = ends if reached is None else max(reached, ends)
        found.append(part)
    return found


def last_day(end: datetime) -> date:
    """What ends at midnight ends with the day before."""
    return end.date() - timedelta(days=1) if end.time() == time() else end.date()


def rest(first: date, last: date, beside: datetime, days: Days) -> dict[str, Any]:
    dates = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    names = [named(days[day][0]) for day in dates if day in days and days[day][0]]
    said = [*dict.fromkeys(names)] or [_("rest days")]
    start = datetime.combine(first, time(), beside.tzinfo)
    end = datetime.combine(last + timedelta(days=1), time(), beside.tzinfo)
    return {"kind": REST, "start": start, "end": end, "length_s": 0, "reason": _(", ").join(said)}
