"""How late what is due is done: a histogram that all workers add to, for `/metrics`."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import F

from sla.models import DueItem, LagBucket

BOUNDS = (0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 3600.0)  # seconds
BEYOND = -1.0


def bucket_of(seconds: float) -> float:
    return next((bound for bound in BOUNDS if seconds <= bound), BEYOND)


def note(items: Sequence[DueItem], at: datetime) -> None:
    """Add what was done now. A statement a bucket, in one order, so that two workers never wait for each other in a ring."""
    found: dict[float, list[float]] = {}
    for item in items:
        seconds = max(0.0, (at - item.fire_at).total_seconds())
        found.setdefault(bucket_of(seconds), []).append(seconds)
    for le in sorted(found):
        more = {"count": F("count") + len(found[le]), "seconds": F("seconds") + sum(found[le])}
        if not LagBucket.objects.filter(le=le).update(**more):
            LagBucket.objects.bulk_create([LagBucket(le=le)], ignore_conflicts=True)
            LagBucket.objects.filter(le=le).update(**more)


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
