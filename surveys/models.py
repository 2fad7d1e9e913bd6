"""Asking the customer whether it helped (A5.3 C5.1 D4)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models_paper import Question, Questionnaire, Sheet, SheetAnswer, SheetEntry
from surveys.querysets import FollowUpQuerySet
from tickets.models import Ticket
from tickets.workflow import Rating

__all__ = ["FollowUp", "Question", "Questionnaire", "Sheet", "SheetAnswer", "SheetEntry"]


class FollowUp(models.Model):
    """One invitation a round: a one-click link by the customer's channel, or a call-back by a colleague.

    The link is signed and never stored (`surveys/links.py`); opening it changes nothing, the answer is a POST.
    """

    class Mode(models.TextChoices):
        LINK = "link", _("Link")
        CALL = "call", _("Call-back")
        PAGE = "page", _("Tracking page")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        SENT = "sent", _("Sent")
        ANSWERED = "answered", _("Answered")
        NOT_REACHED = "not_reached", _("Not reached")
        CANCELLED = "cancelled", _("Cancelled")

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="follow_ups", db_index=False)
    round = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=5, choices=Mode)
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    planned_at = models.DateTimeField()
    send_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    rating = models.CharField(max_length=12, choices=Rating, blank=True)
    stars = models.PositiveSmallIntegerField(null=True)
    comment = models.TextField(blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who called back.",
    )

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["-planned_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "round"], name="one_follow_up_per_round"),
        ]
        indexes = [
            models.Index(
                fields=["send_at"],
                condition=Q(state__in=["planned", "sent"]),
                name="follow_up_open",
            ),
            models.Index(
                fields=["answered_at"],
                condition=~Q(answered_at=None),
                name="follow_up_answered",
            ),
            models.Index(fields=["sent_at"], condition=~Q(sent_at=None), name="follow_up_sent"),
        ]
