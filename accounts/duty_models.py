"""Who is on duty when (C3.2)."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ShiftQuerySet(models.QuerySet):
    def during(self, start: datetime, end: datetime) -> Self:
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def at(self, moment: datetime) -> Self:
        return self.filter(starts_at__lte=moment, ends_at__gt=moment)


class Shift(models.Model):
    """One person's duty from a moment to a moment; may cross midnight."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="shifts", verbose_name=_("person")
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "person", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_it_starts")
        ]
        indexes = [models.Index(fields=["person", "starts_at"], name="shift_of_person")]
