"""Ticket numbers: unique and gapless, because a missing number looks like a suppressed complaint (C4.1)."""

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
    mask = settings.TICKET_NUMBER_MASK
    return [mask.format(day=day, counter=counter) for counter in range(last - count + 1, last + 1)]
