"""A calendar's year as twelve little tables: which days are worked, which not, and by whose word."""

from calendar import Calendar as Weeks
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from sla.models import Calendar, CalendarOverride
from sla.special_days import named


@dataclass(frozen=True)
class Day:
    date: date
    kind: str  # work, rest, off (a holiday), make_up; "" outside the month
    mark: str = ""
    title: str = ""


def year_of(calendar: Calendar, year: int) -> list[dict[str, Any]]:
    """Twelve months with their weeks, Monday first. Two queries."""
    worked = set(calendar.slots.values_list("weekday", flat=True))
    overrides = {row.date: row for row in calendar.overrides.filter(date__year=year)}
    weeks = Weeks(firstweekday=0)
    return [
        {
            "first": date(year, month, 1),
            "weeks": [
                [of(day, month, worked, overrides.get(day)) for day in week]
                for week in weeks.monthdatescalendar(year, month)
            ],
        }
        for month in range(1, 13)
    ]


def of(day: date, month: int, worked: set[int], override: CalendarOverride | None) -> Day:
    if day.month != month:
        return Day(day, "")
    usual = day.weekday() in worked
    if override is None:
        return Day(day, "work" if usual else "rest")
    title = f"{named(override.reason)} ({override.get_source_display()})"
    own = " own" if override.source == CalendarOverride.Source.MANUAL else ""
    if not override.slots:
        return Day(day, "off" + own, _("off"), title)
    if usual:
        return Day(day, "changed" + own, "*", title)
    return Day(day, "make_up" + own, _("on"), title)
