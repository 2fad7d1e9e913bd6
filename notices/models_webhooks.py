"""Other systems that want to know, and what was sent to them: an outbox like `Notice`, in the order of each ticket."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.signatures import new_secret
from notices.querysets import DeliveryQuerySet, WebhookQuerySet


class Webhook(models.Model):
    """An address of another system, told of what happens to tickets; signed after Standard Webhooks (DI-8).

    With `own_cases` it is an app's push callback (C2.2): it hears only of the cases that its owner handed in, in the
    customer's words. The secret is shown when it is made, and kept readable, because it signs.
    """

    name = models.CharField(_("name"), max_length=100)
    url = models.CharField(_("called address"), max_length=500)
    secret = models.CharField(max_length=200, default=new_secret, editable=False)
    former_secret = models.CharField(max_length=200, blank=True, editable=False)
    former_until = models.DateTimeField(null=True, editable=False)
    events = ArrayField(models.CharField(max_length=30), default=list, blank=True, verbose_name=_("events"))
    own_cases = models.BooleanField(_("only the cases that it handed in"), default=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="webhooks")
    is_active = models.BooleanField(_("active"), default=True)
    failures = models.PositiveIntegerField(default=0, editable=False)  # one after the other
    resting_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.name


def new_key() -> str:
    return f"evt_{uuid.uuid4().hex}"


class WebhookDelivery(models.Model):
    """One event for one webhook. `key` is its `webhook-id`, the same at every try, so that the receiver knows a copy.

    `sequence` is the ticket's version: of one ticket a later one never goes before an earlier one.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    key = models.CharField(max_length=40, unique=True, default=new_key)
    kind = models.CharField(max_length=50)
    topic = models.CharField(max_length=40, blank=True)  # the ticket's number
    sequence = models.PositiveBigIntegerField(default=0)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["webhook", "topic", "id"], condition=Q(state="waiting"), name="delivery_waiting"),
            models.Index(fields=["webhook", "-created_at", "-id"], name="delivery_log"),
            models.Index(fields=["created_at"], condition=~Q(state="waiting"), name="delivery_done"),
        ]


class WebhookAttempt(models.Model):
    """One try: what came back, and how long it took. The answer's body is never kept."""

    delivery = models.ForeignKey(WebhookDelivery, models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)  # none: no answer
    error = models.CharField(max_length=300, blank=True)
    milliseconds = models.PositiveIntegerField()

    class Meta:
        ordering = ["at", "pk"]
