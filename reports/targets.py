"""The target of each figure: what the office or an administrator set, else the one of its definition."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from reports.definitions import DEFINITIONS
from reports.models import KpiTarget

Targets = dict[str, float | None]
WITH_TARGET = [code for code, definition in DEFINITIONS.items() if definition.better]


def current() -> Targets:
    """Every figure's target in its unit (0.95, seconds, a count); None where there is none. One query."""
    return {code: definition.target for code, definition in DEFINITIONS.items()} | dict(
        KpiTarget.objects.filter(code__in=DEFINITIONS).values_list("code", "value")
    )


@transaction.atomic
def set_targets(values: Targets, *, by: User, at: datetime) -> None:
    """Replace the targets of these figures. Reports already built keep those they were built with."""
    for code, value in values.items():
        KpiTarget.objects.update_or_create(code=code, defaults={"value": value, "set_by": by, "set_at": at})
