"""The hotline: calls, what the telephone system told of them, and the agent's tools beside the form (A2.1 A5.1)."""

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tickets.models import Ticket
from tickets.workflow import Nature


class Line(models.Model):
    """The extension at which an agent sits: calls that ring there pop up on the agent's pages."""

    agent = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="line")
    number = models.CharField(_("extension"), max_length=20, unique=True)

    class Meta:
        ordering = ["number"]


class Call(models.Model):
    """One call. `ref` is the telephone system's own name for it; empty for one that an agent wrote down by hand.

    The times are ours: a clock of somebody else's machine moves nothing.
    """

    class State(models.TextChoices):
        RINGING = "ringing", _("Ringing")
        TALKING = "talking", _("Talking")
        ENDED = "ended", _("Ended")
        MISSED = "missed", _("Missed")

    class Direction(models.TextChoices):
        IN = "in", _("Incoming")
        OUT = "out", _("Outgoing")

    ref = models.CharField(max_length=200, blank=True)
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.IN)
    number = models.CharField(_("telephone"), max_length=40, blank=True)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="calls")
    state = models.CharField(max_length=8, choices=State, default=State.RINGING)
    rang_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    recording_url = models.URLField(max_length=500, blank=True, validators=[URLValidator(["https", "http"])])
    ticket = models.ForeignKey(Ticket, models.SET_NULL, null=True, related_name="calls")
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often somebody tried to call back.")
    tried_at = models.DateTimeField(null=True)
    called_back_at = models.DateTimeField(null=True)
    called_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-rang_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["ref"], condition=~Q(ref=""), name="one_call_per_reference")]
        indexes = [
            models.Index(fields=["rang_at"], condition=Q(state="ringing"), name="call_ringing"),
            models.Index(fields=["rang_at"], condition=Q(state="missed", called_back_at=None), name="call_to_return"),
            models.Index(fields=["number", "-rang_at"], condition=~Q(number=""), name="call_of_number"),
        ]


class CallEvent(models.Model):
    """What the telephone system said, as it said it, unknown kinds included (DI-8)."""

    call = models.ForeignKey(Call, models.CASCADE, null=True, related_name="events")
    event_id = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40, blank=True)
    body = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]


class Draft(models.Model):
    """What an agent has typed so far, kept while the caller still speaks; gone once it is registered, or after a week."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "name"], name="one_draft_per_form")]


class Script(models.Model):
    """What an agent asks and says, by the nature of the matter; the office writes it."""

    nature = models.CharField(_("nature"), max_length=12, choices=Nature, unique=True)
    text = models.TextField(_("text"), blank=True)
    text_en = models.TextField(_("English text"), blank=True)

    class Meta:
        ordering = ["pk"]
