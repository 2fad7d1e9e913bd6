"""How late what is due is done: a histogram that all workers add to, for `/metrics`."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import connection

from sla.models import LagBucket

BOUNDS = (0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 3600.0)  # seconds
BEYOND = -1.0
ADD = (
    "INSERT INTO sla_lagbucket AS held (le, count, seconds) VALUES {values} ON CONFLICT (le)"
    " DO UPDATE SET count = held.count + EXCLUDED.count, seconds = held.seconds + EXCLUDED.seconds"
)


def bucket_of(seconds: float) -> float:
    return next((bound for bound in BOUNDS if seconds <= bound), BEYOND)


def note(due: Sequence[datetime], at: datetime) -> None:
    """Add what was done now, by when it was due. One statement; its rows in one order, so that two workers never wait in a ring."""
    found: dict[float, list[float]] = {}
    for instant in due:
        seconds = max(0.0, (at - instant).total_seconds())
        found.setdefault(bucket_of(seconds), []).append(seconds)
    if found:
        rows = [(le, len(found[le]), sum(found[le])) for le in sorted(found)]
        with connection.cursor() as cursor:
            values = ", ".join(["(%s, %s, %s)"] * len(rows))
            cursor.execute(ADD.format(values=values), [value for row in rows for value in row])


def histogram() -> Iterator[tuple[str, int]]:
    """Cumulative counts by upper bound, as Prometheus wants them, then the sum of seconds and the count of all."""
    rows = {row.le: row for row in LagBucket.objects.all()}
    total = 0
    for bound in BOUNDS:
        total += rows[bound].count if bound in rows else 0
        yield f"{bound:g}", total
    yield "+Inf", total + (rows[BEYOND].count if BEYOND in rows else 0)


def seconds() -> float:
    return sum(LagBucket.objects.values_list("seconds", flat=True))
