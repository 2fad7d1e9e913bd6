"""Answers to a common problem, on their way to each customer (C5.2)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from knowledge.models import Problem


class Draft(models.Model):
    """The answer to a problem, laid before the handler of one of its cases, who confirms, changes or drops it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("To be confirmed")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("Dropped")

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="drafts")
    problem = models.ForeignKey(Problem, models.CASCADE, related_name="drafts")
    text = models.TextField(_("text"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "problem"], condition=Q(state="waiting"), name="one_draft_a_case")
        ]
