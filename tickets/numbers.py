"""Ticket numbers: unique and gapless, because a missing number looks like a suppressed complaint (C4.1)."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.conf import settings
from django.db import connection

from common import prepared

_NEXT = (
    "INSERT INTO tickets_daycounter AS c (day, last) VALUES (%s, %s)"
    " ON CONFLICT (day) DO UPDATE SET last = c.last + EXCLUDED.last RETURNING last"
)


def take(day: date, count: int = 1, *, first: Sequence[prepared.Statement] = ()) -> list[str]:
    """The next `count` numbers of a day. One query; holds the day's row until the transaction ends, so call it last.

    Statements of `first` go in the same trip, before the row is held.
    """
    ((last,),) = prepared.run_together([*first, (_NEXT, [day, count])])
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


def take_for_archive(counts: Mapping[tuple[int, int], int]) -> dict[tuple[int, int], range]:
    """Counters for `{(year, class): how many}` (D6). One query; the rows are locked in order, until the end."""
    places = sorted(counts)
    if not places:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_archivecounter AS c (year, archive_class_id, last)"
            " SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::int[])"
            " ON CONFLICT (year, archive_class_id) DO UPDATE SET last = c.last + EXCLUDED.last"
            " RETURNING year, archive_class_id, last",
            [[year for year, _kept in places], [kept for _year, kept in places], [counts[place] for place in places]],
        )
        found = cursor.fetchall()
    return {(year, kept): range(last - counts[(year, kept)] + 1, last + 1) for year, kept, last in found}


def archive_number(year: int, code: str, counter: int) -> str:
    return settings.ARCHIVE_NUMBER_MASK.format(year=year, kind=code.upper(), counter=counter)


def written(day: date, last: int, count: int) -> list[str]:
    mask = settings.TICKET_NUMBER_MASK
    return [mask.format(day=day, counter=counter) for counter in range(last - count + 1, last + 1)]
