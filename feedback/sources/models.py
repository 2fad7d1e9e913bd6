"""Other systems that hand in what was said to them: review platforms, social media, shops (B2.1)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import NamedInTwoLanguages
from common.signatures import new_secret
from tickets.channels import Channel

SOURCE_CHANNELS = (Channel.REVIEW, Channel.SOCIAL, Channel.APP, Channel.CHAT, Channel.PHONE)


class Source(NamedInTwoLanguages):
    """One of them, calling `/hooks/inbound/<code>/` with signed JSON.

    `mapping` says where each of our fields (`feedback.sources.foreign.FIELDS`) stands in its body: `{"content": "review.text"}`.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    channel = models.CharField(_("channel"), max_length=10, choices=[(one.value, one.label) for one in SOURCE_CHANNELS])
    secret = models.CharField(max_length=200, default=new_secret, editable=False)
    former_secret = models.CharField(max_length=200, blank=True, editable=False)
    former_until = models.DateTimeField(null=True, editable=False)
    mapping = models.JSONField(_("mapping"), default=dict)
    bad_stars = models.PositiveSmallIntegerField(
        _("bad review up to so many stars"), default=3, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
