"""The outbox: one row for each message and recipient; delivered by a task after commit."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.reading import QuicklyRead
from notices.models_sms import SmsTemplate
from notices.models_webhooks import Webhook, WebhookAttempt, WebhookDelivery
from notices.querysets import NoticeQuerySet

__all__ = ["Notice", "SmsTemplate", "Webhook", "WebhookAttempt", "WebhookDelivery"]

TO_UNPROVED = {"received"}
"""Kinds that go to whatever address or number a form names: no word of the sender may stand in them (S-6)."""
NOT_MINE = "not_me"
"""Kind of the row that an address leaves here when it was written to for somebody else's feedback; nothing is sent."""


class Notice(QuicklyRead):
    """A message out. `key` is its idempotency key: the same cause tells the same recipient once.

    `kind` names the template pair in `templates/notices/`; `context` holds codes and texts, never objects.
    In-app notices are delivered by being there; mails by `notices.services.deliver_due`,
    short messages by that of `notices.services_sms`.
    """

    class Channel(models.TextChoices):
        IN_APP = "in_app", _("In the app")
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("SMS")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=50)
    channel = models.CharField(max_length=10, choices=Channel)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="notices")
    address = models.CharField(max_length=254, blank=True, help_text="Of the customer; empty for a user.")
    language = models.CharField(max_length=10, default="zh-hans")
    topic = models.CharField(max_length=40, blank=True, help_text="The ticket's number.")
    context = models.JSONField(default=dict)
    urgent = models.BooleanField(default=False, help_text="Not held by quiet hours: L1.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, help_text="While a worker sends it; afterwards another one may.")
    unsure = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Tries of which nobody knows whether they arrived."
    )
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=200, blank=True)
    returned_at = models.DateTimeField(null=True, help_text="When a delivery report came on it.")
    returned = models.CharField(max_length=500, blank=True, help_text="What the last report says.")
    error = models.CharField(max_length=500, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "channel", "user", "address"],
                nulls_distinct=False,
                name="one_notice",
            )
        ]
        indexes = [
            models.Index(
                fields=["channel", "not_before", "id"],
                condition=Q(state="waiting"),
                name="notice_due",
            ),
            models.Index(
                fields=["channel", "claimed_until"],
                condition=Q(state="waiting", claimed_until__isnull=False),
                name="notice_claimed",
            ),
            models.Index(
                fields=["user", "-created_at"],
                condition=Q(channel="in_app"),
                name="notice_of_user",
            ),
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="notice_message_id"),
            models.Index(fields=["address", "-created_at"], condition=~Q(address=""), name="notice_to_address"),
            models.Index(fields=["topic"], name="notice_topic"),
        ]
