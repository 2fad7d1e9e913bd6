"""What came in, unchanged; and what an administrator and the company's corrections teach the classifier."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import NamedInTwoLanguages
from common.reading import QuicklyRead
from feedback.appeals.models import Appeal, AppealNote
from feedback.chat.models import Chat, ChatLine
from feedback.hotline.models import Call, CallEvent, Draft, Line, Script
from feedback.imports.models import ImportBatch, ImportRow
from feedback.learning.models import LeftOut, ModelVersion
from feedback.mail.models import Mailbox
from feedback.paper.models import Box, BoxOpening, PaperItem
from feedback.problems.models import Suggestion, Watermark
from feedback.sources.models import Source
from feedback.wechat.models import WechatAccount, WechatContact, WechatMedia, WechatMessage
from tickets.channels import Channel
from tickets.models import Ticket

__all__ = [
    "Appeal", "AppealNote", "Box", "BoxOpening", "Call", "CallEvent", "Chat", "ChatLine", "Correction", "Draft",
    "ImportBatch", "ImportRow", "KeywordRule", "LeftOut", "Line", "Mailbox", "ModelVersion", "PaperItem", "RawMessage",
    "Script", "Source", "Suggestion", "Watermark", "WechatAccount", "WechatContact", "WechatMedia", "WechatMessage",
]  # fmt: skip


class RawMessage(QuicklyRead):
    """One piece of feedback as it arrived, stored before anything is interpreted. Nothing is ever lost."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        DONE = "done", _("Done")
        IGNORED = "ignored", _("Ignored")
        FAILED = "failed", _("Failed")

    channel = models.CharField(max_length=10, choices=Channel)
    source = models.CharField(max_length=100, blank=True, help_text="Mailbox, site or import.")
    uid = models.CharField(max_length=200, blank=True, help_text="The source's own reference.")
    raw = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    error = models.CharField(max_length=500, blank=True)
    ticket = models.ForeignKey(Ticket, models.SET_NULL, null=True, related_name="raw_messages")

    # of mail: `source` is the mailbox, `uid` its "uidvalidity:uid"
    outcome = models.CharField(max_length=10, blank=True, help_text="ticket, reply, note, ignored or failed.")
    reason = models.CharField(max_length=40, blank=True, help_text="Why it was not simply taken, as a code.")
    sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    message_id = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "sha256"],
                condition=Q(channel="email") & ~Q(source=""),
                name="one_raw_mail_per_content",
            ),
            models.UniqueConstraint(
                fields=["channel", "source", "uid"],
                condition=~Q(uid=""),
                name="one_raw_message_per_reference",
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"],
                condition=~Q(state="done"),
                name="raw_message_open",
            ),
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="raw_message_id"),
        ]


class KeywordRule(NamedInTwoLanguages):
    """C3.1: words that raise an alert, a tier, a category … `feedback/text/keyword_rules.py` reads them."""

    class Effect(models.TextChoices):
        ALERT = "alert", _("Alert")
        TIER = "tier", _("Tier")
        CATEGORY = "category", _("Category")
        NATURE = "nature", _("Nature")
        SPAM = "spam", _("Spam")
        REVIEW = "review", _("Manual review")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    words = ArrayField(models.CharField(max_length=50), verbose_name=_("words"))
    match_all = models.BooleanField(_("all words must occur"), default=False)
    effect = models.CharField(_("effect"), max_length=10, choices=Effect)
    value = models.CharField(_("value"), max_length=40, blank=True)
    channels = ArrayField(models.CharField(max_length=10, choices=Channel), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("keyword rule")
        verbose_name_plural = _("keyword rules")

    @property
    def channel_names(self) -> list[str]:
        return [str(Channel(code).label) for code in self.channels]


class Correction(models.Model):
    """A person's correction of the classifier: a training row."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=20)
    proposed = models.CharField(max_length=40, blank=True)
    corrected = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
