"""A6.1: complaints of customers about the handling itself. Auditors examine and answer them; nobody else reads them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets.handling.impartial import impartial
from tickets.models import Ticket


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, user: User) -> "AppealQuerySet":
        """An auditor's, but for those against handling in which they had a part, or their department had."""
        if not user.has_role(Role.AUDITOR):
            return self.none()
        return impartial(self, user)


class Appeal(models.Model):
    """One complaint about the handling of one ticket, and its answer. One is open at a time."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("Justified")
        PARTLY = "partly", _("Partly justified")
        UNFOUNDED = "unfounded", _("Not justified")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="appeals")
    text = models.TextField(_("complaint about the handling"))
    opened_at = models.DateTimeField(db_index=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(answered_at=None), name="one_open_appeal")
        ]

    @property
    def is_open(self) -> bool:
        return self.answered_at is None

    def as_told(self) -> dict[str, Any]:
        """What the customer reads of it: nobody's name."""
        return {
            "at": self.opened_at, "text": self.text, "open": self.is_open, "outcome": self.outcome,
            "answer": self.answer, "answered_at": self.answered_at,
        }  # fmt: skip


class AppealNote(models.Model):
    """What an auditor found out on the way. Append-only (a trigger)."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="notes")
    at: Any = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("note"))

    class Meta:
        ordering = ["at", "pk"]


def days_open(appeal: Appeal, at: datetime) -> int:
    """Whole days from the complaint to its answer, or to `at`."""
    return max(0, ((appeal.answered_at or at) - appeal.opened_at).days)
