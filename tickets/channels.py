"""The channels by which feedback comes (`intake.md`): code, name and icon. Adapters are in `feedback/channels/`."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    WEB = "web", _("Web form")
    APP = "app", _("App")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Hotline")
    WECHAT = "wechat", _("WeChat")
    SOCIAL = "social", _("Social media")
    REVIEW = "review", _("Shop review")
    CHAT = "chat", _("Chat")
    LETTER = "letter", _("Letter")
    BOX = "box", _("Suggestion box")
    PAPER = "paper", _("Questionnaire")
    COUNTER = "counter", _("Counter")


SMS = "sms"
"""A way to answer, not a way in."""
WAYS = [*Channel.choices, (SMS, _("SMS"))]
"""By what a message was said."""
OUTWARD: dict[str, Any] = {
    Channel.WEB: _("Tracking page"),
    Channel.PHONE: _("Phone call"),
    SMS: _("SMS"),
}
"""What a way is called when we answer by it, where that is another word than for what comes in by it."""


def way_out(via: str) -> str:
    """By what we said something, in words."""
    return str(OUTWARD.get(via) or dict(WAYS).get(via, via))


ICONS = {
    Channel.WEB: "globe",
    Channel.APP: "smartphone",
    Channel.EMAIL: "mail",
    Channel.PHONE: "phone",
    Channel.WECHAT: "message-circle",
    Channel.SOCIAL: "share-2",
    Channel.REVIEW: "star",
    Channel.CHAT: "bot",
    Channel.LETTER: "mail-open",
    Channel.BOX: "inbox",
    Channel.PAPER: "clipboard-list",
    Channel.COUNTER: "store",
}

AUTOMATIC = {
    Channel.WEB,
    Channel.APP,
    Channel.EMAIL,
    Channel.WECHAT,
    Channel.SOCIAL,
    Channel.REVIEW,
    Channel.CHAT,
}
"""Channels that no person stands at: the first contact is the first person who deals with the ticket."""
