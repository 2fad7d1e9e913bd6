"""C3.1: a conversation with the answering machine on the site or by the API, until a person takes over."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.models import Article
from tickets.models import Ticket


class Chat(models.Model):
    """One conversation; who holds its token, of which a digest is stored, holds it. Nothing tells who it is."""

    digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10)
    channel = models.CharField(max_length=10, default="chat")
    started_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    handed_over_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=10, blank=True, help_text="asked, unknown, no_help, danger")
    ticket = models.OneToOneField(Ticket, models.CASCADE, null=True, related_name="chat")

    class Meta:
        ordering = ["-started_at", "-pk"]


class ChatLine(models.Model):
    """`article` is the source of an answer; `helped` what the customer said of it."""

    class Who(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        MACHINE = "machine", _("Answering machine")

    chat = models.ForeignKey(Chat, models.CASCADE, related_name="lines")
    at = models.DateTimeField()
    who = models.CharField(max_length=8, choices=Who)
    text = models.TextField()
    article = models.ForeignKey(Article, models.SET_NULL, null=True, related_name="+")
    confidence = models.FloatField(null=True)
    helped = models.BooleanField(null=True)

    class Meta:
        ordering = ["chat", "pk"]
