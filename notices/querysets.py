from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User


class NoticeQuerySet(models.QuerySet):
    def due(self, at: datetime, *, channel: str = "email") -> Self:
        """What is to be delivered now by that way, oldest first."""
        return self.filter(state="waiting", channel=channel, not_before__lte=at).order_by("not_before", "pk")

    def shown_to(self, user: "User") -> Self:
        return self.filter(channel="in_app", user=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)
