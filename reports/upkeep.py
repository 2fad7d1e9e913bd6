"""Keeping the days of the overview counted in the background, and those that a page asked for in vain."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime

from django.core.cache import cache
from redis.exceptions import RedisError

from reports import daily, periods
from reports.models import DayFigures
from sla.models import Heartbeat

HEARTBEAT = "figures"
_ASKED = "reports.asked"
_MOST = 50  # questions that wait; more are asked again by their pages
_ASKED_SECONDS = 3600


def keep_counted(at: datetime) -> None:
    """Count what changed, what the overview of this month and the last reads, and what pages asked for."""
    daily.note_changes()
    this = periods.containing(at.astimezone(periods.ZONE).date(), "month")
    before = periods.previous(this)
    daily.refresh_levels([this, before, *_stale_levels()])
    months = [this, before, periods.previous(before)]
    daily.refresh([day for month in months for day in daily.days_of(month)], daily.SHOWN_FIRST)
    for first, last, bys in _take_asked():
        daily.refresh(daily.days_of(periods.between(first, last + daily.DAY)), bys)
    for by, days in _stale().items():
        daily.refresh(days, [by])
    Heartbeat.objects.update_or_create(name=HEARTBEAT, defaults={"at": at})


def as_counted() -> datetime | None:
    """When everything kept was last brought up to date."""
    return Heartbeat.objects.filter(name=HEARTBEAT).values_list("at", flat=True).first()


def ask(days: Iterable[date], bys: Iterable[str]) -> None:
    """Have these days counted next; writes nothing but a note in the cache."""
    days = sorted(days)
    question = (days[0], days[-1], list(bys))
    with suppress(RedisError, OSError):
        asked = cache.get(_ASKED) or []
        if question not in asked:
            cache.set(_ASKED, [*asked, question][:_MOST], _ASKED_SECONDS)


def _take_asked() -> list[tuple[date, date, list[str]]]:
    with suppress(RedisError, OSError):
        asked = cache.get(_ASKED) or []
        cache.delete(_ASKED)
        return asked
    return []


def _stale() -> dict[str, list[date]]:
    rows: dict[str, list[date]] = {}
    for by, day in DayFigures.objects.filter(stale=True).exclude(by=daily.LEVEL).values_list("by", "day"):
        rows.setdefault(by, []).append(day)
    return rows


def _stale_levels() -> list[periods.Period]:
    rows = DayFigures.objects.filter(stale=True, by=daily.LEVEL).order_by("-day").values_list("day", flat=True)
    return [periods.between(day - daily.DAY, day) for day in rows]
