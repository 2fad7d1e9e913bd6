from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User


class NoticeQuerySet(models.QuerySet):
    def due(self, at: datetime) -> Self:
        """What is to be delivered now, oldest first."""
        return self.filter(state="waiting", not_before__lte=at).order_by("not_before", "pk")

    def shown_to(self, user: "User") -> Self:
        return self.filter(channel="in_app", user=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)
