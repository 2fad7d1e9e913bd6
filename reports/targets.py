"""The target of each figure: what the office or an administrator set, else the one of its definition."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from reports.definitions import DEFINITIONS
from reports.models import KpiTarget

Targets = dict[str, float | None]
WITH_TARGET = [code for code, definition in DEFINITIONS.items() if definition.better]


def current() -> Targets:
    """Every figure's target in its unit (0.95, seconds, a count); None where there is none. One query."""
    latest = KpiTarget.objects.filter(code__in=DEFINITIONS).order_by("code", "-set_at", "-pk").distinct("code")
    return {code: definition.target for code, definition in DEFINITIONS.items()} | dict(
        latest.values_list("code", "value")
    )


@transaction.atomic
def set_targets(values: Targets, *, by: User, at: datetime) -> list[KpiTarget]:
    """Decide these targets; those that are so already make no new decision. Reports already built keep theirs.

    Two people at once wait for each other, so that the later one's decisions are told apart from what is then current.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reports.targets'))")
    known = current()
    return KpiTarget.objects.bulk_create(
        KpiTarget(code=code, value=value, set_by=by, set_at=at)
        for code, value in values.items()
        if code in WITH_TARGET and known[code] != value
    )


def history(most: int = 100) -> list[dict[str, Any]]:
    """The decisions, latest first, each with what held before it."""
    told, before = [], {code: definition.target for code, definition in DEFINITIONS.items()}
    rows = KpiTarget.objects.filter(code__in=DEFINITIONS).select_related("set_by").order_by("set_at", "pk")
    for row in rows:
        told.append({"decision": row, "before": before[row.code]})
        before[row.code] = row.value
    return told[: -most - 1 : -1]
