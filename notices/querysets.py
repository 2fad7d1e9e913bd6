from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.roles import Role

if TYPE_CHECKING:
    from accounts.models import User


class NoticeQuerySet(models.QuerySet):
    def due(self, at: datetime, *, channel: str = "email") -> Self:
        """What is to be delivered now by that way and is in nobody's hands, oldest first."""
        free = Q(claimed_until=None) | Q(claimed_until__lte=at)
        return self.filter(free, state="waiting", channel=channel, not_before__lte=at).order_by("not_before", "pk")

    def under_way(self, at: datetime, *, channel: str) -> Self:
        """What a worker took up to send by that way, and has two minutes for."""
        return self.filter(state="waiting", channel=channel, claimed_until__gt=at)

    def shown_to(self, user: "User") -> Self:
        return self.filter(channel="in_app", user=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class WebhookQuerySet(models.QuerySet):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def visible_to(self, user: "User") -> Self:
        """Administrators see all; an app's account sees its own. Nobody else any."""
        if user.is_superuser or user.has_role(Role.ADMIN):
            return self
        return self.filter(owner=user) if user.is_app else self.none()


class DeliveryQuerySet(models.QuerySet):
    def due(self, at: datetime) -> Self:
        """What can be sent now, oldest first: of a ticket only the first that waits, of a resting webhook nothing. An app whose
        last token has ended or was revoked hears nothing more; with a new one it hears what waited.
        """
        from accounts.models import ApiToken

        held = ApiToken.objects.valid(at).filter(user=OuterRef("webhook__owner"))
        earlier = (
            type(self)(self.model)
            .filter(webhook=OuterRef("webhook"), topic=OuterRef("topic"), state="waiting", pk__lt=OuterRef("pk"))
            .exclude(topic="")
        )
        return (
            self.filter(Q(webhook__resting_until=None) | Q(webhook__resting_until__lte=at))
            .filter(Q(webhook__owner__is_app=False) | Exists(held))
            .filter(~Exists(earlier), state="waiting", not_before__lte=at, webhook__is_active=True)
            .order_by("pk")
        )
