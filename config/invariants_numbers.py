"""Numbers without gaps: as many on a day as its counter gave, and none beyond it (C4.1)."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from string import Formatter

from django.conf import settings
from django.db import connection

from tickets.models import DayCounter

BY_DAY = """
SELECT (registered_at AT TIME ZONE %s)::date AS day, count(*), count(number), count(DISTINCT number), min(number),
       count(*) FILTER (WHERE number ~ %s), max(substring(number from %s)::bigint)
FROM tickets_ticket GROUP BY 1 ORDER BY 1"""


def find(at: datetime) -> Iterator[str]:
    """Compares tickets with counters by day of registration, so that it holds across a change of the mask.

    Where all numbers of a day are of today's mask, the highest must be the day's last too.
    """
    given: dict[date, int] = dict(DayCounter.objects.values_list("day", "last"))
    pattern = counter_pattern(settings.TICKET_NUMBER_MASK)
    with connection.cursor() as cursor:
        cursor.execute(BY_DAY, [settings.TIME_ZONE, pattern, pattern])
        days = cursor.fetchall()
    for day, tickets, numbered, distinct, _first, of_mask, highest in days:
        last = given.pop(day, 0)
        if numbered != tickets:
            yield f"{day}: {tickets - numbered} tickets without a number"
        if distinct != numbered:
            yield f"{day}: {numbered - distinct} numbers given twice"
        if distinct != last:
            yield f"{day}: {distinct} numbers, but {last} were given"
        elif of_mask == tickets and highest != last:
            yield f"{day}: the highest counter is {highest}, but {last} were given"
    for day, last in given.items():
        if last:
            yield f"{day}: no ticket, but {last} numbers were given"


def counter_pattern(mask: str) -> str:
    """A regular expression of the mask's numbers whose only group is the counter."""
    parts = ["^"]
    for literal, name, form, _conversion in Formatter().parse(mask):
        parts.append(re.escape(literal).replace("\\-", "-"))
        if name == "counter":
            parts.append(r"(\d+)")
        elif name is not None:
            parts.append("(?:" + re.sub(r"%.", ".+", form or "") + ")" if form else "(?:.+)")
    return "".join(parts) + "$"
