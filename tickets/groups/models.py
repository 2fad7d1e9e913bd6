"""The special group of a major case (C3.3 D3.3), and what a suggestion set in motion (A4.3)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def _person() -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")


class SpecialGroup(models.Model):
    """Who handles a major case together. What it does stands in the history; here is who it is, and its conclusion."""

    ticket = models.OneToOneField("tickets.Ticket", models.CASCADE, related_name="group")
    leader = _person()
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="special_groups")
    report_every = models.PositiveSmallIntegerField(_("hours between reports to leadership"), default=24)
    formed_at = models.DateTimeField()
    round = models.PositiveSmallIntegerField(default=1)
    conclusion = models.TextField(_("conclusion"), blank=True)
    lessons = models.TextField(_("lessons"), blank=True)
    concluded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    concluded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-formed_at", "-pk"]


class Improvement(models.Model):
    """What is done because a suggestion was adopted: by whom, until when. The customer hears when it is done."""

    class State(models.TextChoices):
        OPEN = "open", _("Under way")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="improvements")
    text = models.TextField(_("what will be improved"))
    owner = _person()
    due_on = models.DateField(_("to be done by"))
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    result = models.TextField(_("what came of it"), blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["due_on", "id"], condition=models.Q(state="open"), name="improvement_open")]
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=models.Q(state="open"), name="one_open_improvement")
        ]
