"""Many cases of alarm at once: who floods the form must not bury the one case that matters (C3.1)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from accounts.models import User
from notices.models import Notice

FLOOD = timedelta(minutes=10)
MOST = {"alert": 10, "major": 30, "work": 30}
"""So many of a kind reach a person in ten minutes; of what comes beyond, one notice says that it waits in the queue."""


def told_enough(people: Sequence[User], kind: str, at: datetime, **said: Any) -> set[int]:
    """The ids of those who had their share of such notices just now; `said` narrows to those of such a context. One query,
    none for nobody."""
    if not people:
        return set()
    shown = Notice.objects.filter(user__in=people, kind=kind, channel=Notice.Channel.IN_APP)
    shown = shown.filter(created_at__gt=at - FLOOD, **{f"context__{name}": value for name, value in said.items()})
    counted = shown.order_by().values("user").annotate(told=Count("pk"))
    return set(counted.filter(told__gte=MOST[kind]).values_list("user", flat=True))


def rest_waits(kind: str, at: datetime) -> dict[str, Any]:
    """What `to_user` is to say in the place of one more notice: once in ten minutes, whatever it stands for."""
    window = int(at.timestamp() // FLOOD.total_seconds())
    return {"kind": f"{kind}_flood", "key": f"{kind}_flood:{window}"}
