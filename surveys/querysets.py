from datetime import datetime
from typing import Self

from django.db import models

OPEN_STATES = ("planned", "sent")


class FollowUpQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def to_send(self, at: datetime) -> Self:
        """Links whose invitation or next reminder is due."""
        return self.open().filter(mode="link", send_at__lte=at).order_by("send_at", "pk")

    def expired(self, at: datetime) -> Self:
        return self.open().filter(expires_at__lte=at).order_by("expires_at", "pk")

    def to_call(self) -> Self:
        """Customers who can still say whether it helped."""
        return self.open().filter(mode="call", ticket__status="resolved").order_by("send_at", "pk")

    def by_us(self) -> Self:
        """Where we ask, by a link or a call; on the tracking page the customer comes by."""
        return self.exclude(mode="page")

    def answered(self, start: datetime, end: datetime) -> Self:
        return self.filter(answered_at__gte=start, answered_at__lt=end)
