"""WeChat Official Accounts: the account, who wrote to it, what waits to be told there, and files to be fetched."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import NamedInTwoLanguages
from tickets.models import Customer, Ticket


class WechatAccount(NamedInTwoLanguages):
    """Its callback is `/hooks/wechat/<code>/`. Without an AES key messages come plain; secrets are kept readable, they sign."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    app_id = models.CharField("AppID", max_length=40)
    app_secret = models.CharField("AppSecret", max_length=100, blank=True)
    token = models.CharField("Token", max_length=64)
    aes_key = models.CharField(
        "EncodingAESKey", max_length=43, blank=True, validators=[RegexValidator(r"^[A-Za-z0-9]{43}$")]
    )
    is_active = models.BooleanField(_("active"), default=True)
    access_token = models.CharField(max_length=600, blank=True, editable=False)
    access_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("WeChat account")
        verbose_name_plural = _("WeChat accounts")


class WechatContact(models.Model):
    """Somebody who wrote to an account, by the name that WeChat gives them there; and the case that is spoken of."""

    account = models.ForeignKey(WechatAccount, models.CASCADE, related_name="contacts")
    openid = models.CharField(max_length=100)
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, related_name="+")
    ticket = models.ForeignKey(Ticket, models.SET_NULL, null=True, related_name="+")
    heard_at = models.DateTimeField()  # WeChat lets us answer for 48 hours from then

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "openid"], name="one_wechat_contact")]


class WechatMessage(models.Model):
    """A message out, as an outbox row. `late`: the customer had not written for 48 hours, so WeChat takes none."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        LATE = "late", _("Too late for WeChat")
        FAILED = "failed", _("Failed")

    contact = models.ForeignKey(WechatContact, models.CASCADE, related_name="messages")
    key = models.CharField(max_length=100, unique=True)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["not_before", "id"], condition=Q(state="waiting"), name="wechat_waiting")]

    @property
    def said(self) -> str:
        """Without the number above and the link below."""
        return "\n".join(self.text.split("\n")[1:-1])


class WechatMedia(models.Model):
    """A picture, voice or video that somebody sent: fetched from WeChat afterwards, within the three days it is kept there."""

    contact = models.ForeignKey(WechatContact, models.CASCADE, related_name="media")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    media_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)  # none: fetched, or given up
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
