from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q


class ClockQuerySet(models.QuerySet):
    def active(self) -> Self:
        """Not yet answered: running, paused, or missed and still unanswered."""
        return self.filter(Q(state__in=["running", "paused"]) | Q(state="missed", stopped_at=None))

    def running(self) -> Self:
        return self.filter(state__in=["running", "paused"])

    def decided(self, start: datetime, end: datetime) -> Self:
        return self.filter(decided_at__gte=start, decided_at__lt=end)


class DueItemQuerySet(models.QuerySet):
    def due(self, at: datetime) -> Self:
        return self.filter(fired_at=None, fire_at__lte=at).order_by("fire_at", "pk")
