"""Mailboxes that are read, and how they do."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import NamedInTwoLanguages


class Mailbox(NamedInTwoLanguages):
    """An address that customers write to. Without a host nothing is fetched: the mail server pipes it in.

    `sealed_password` is encrypted with the installation's key (`feedback.mail.secrets`). `uidvalidity` and `last_uid` tell
    how far the folder was read; what was read is known by the rows of `RawMessage`, so losing them loses nothing.
    """

    class Security(models.TextChoices):
        TLS = "tls", _("TLS from the start")
        STARTTLS = "starttls", _("STARTTLS")
        NONE = "none", _("none; only inside one machine")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    address = models.EmailField(_("address"), unique=True)
    host = models.CharField(_("IMAP server"), max_length=200, blank=True)
    port = models.PositiveIntegerField(_("port"), default=993)
    security = models.CharField(_("security"), max_length=10, choices=Security, default=Security.TLS)
    username = models.CharField(_("username"), max_length=200, blank=True)
    sealed_password = models.BinaryField(null=True, editable=False)
    folder = models.CharField(_("folder"), max_length=200, default="INBOX")
    is_active = models.BooleanField(_("active"), default=True)

    uidvalidity = models.BigIntegerField(null=True, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)
    good_at = models.DateTimeField(_("last good run"), null=True, editable=False)
    error = models.CharField(max_length=500, blank=True, editable=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
