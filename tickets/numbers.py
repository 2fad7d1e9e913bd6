"""Ticket numbers: unique and gapless, because a missing number looks like a suppressed complaint (C4.1)."""

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.db import connection


def take(day: date, count: int = 1) -> list[str]:
    """The next `count` numbers of a day. One query; holds the day's row until the transaction ends, so call it last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_daycounter AS c (day, last) VALUES (%s, %s)"
            " ON CONFLICT (day) DO UPDATE SET last = c.last + EXCLUDED.last RETURNING last",
            [day, count],
        )
        (last,) = cursor.fetchone()
    return written(day, last, count)


def take_for_days(counts: Mapping[date, int]) -> dict[date, list[str]]:
    """Numbers for several days at once, for imports. One query; the days' rows are locked in order."""
    days = sorted(counts)
    if not days:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_daycounter AS c (day, last) SELECT * FROM unnest(%s::date[], %s::int[])"
            " ON CONFLICT (day) DO UPDATE SET last = c.last + EXCLUDED.last RETURNING day, last",
            [days, [counts[day] for day in days]],
        )
        return {day: written(day, last, counts[day]) for day, last in cursor.fetchall()}


def written(day: date, last: int, count: int) -> list[str]:
    mask = settings.TICKET_NUMBER_MASK
    return [mask.format(day=day, counter=counter) for counter in range(last - count + 1, last + 1)]
