"""How often we write by ourselves, and take without looking: so that no two programs write to each other for ever (S-6)."""

import re
from datetime import datetime, timedelta

from feedback.content import Content
from feedback.mail.message.reading import Mail
from feedback.models import RawMessage
from notices import services as notices
from tickets.channels import Channel
from tickets.models import Ticket

AUTOMATIC = {"received"}
ANSWERS, ANSWERS_OF_ONE_SUBJECT, ANSWERS_WITHIN = 10, 2, timedelta(minutes=180)
REOPENINGS, REOPENINGS_WITHIN = 3, timedelta(hours=1)
TICKETS, TICKETS_WITHIN = 20, timedelta(hours=1)


def may_acknowledge(mail: Mail, *, at: datetime) -> bool:
    """Not more than ten automatic answers to an address in three hours, nor two about one subject."""
    told = notices.automatic_to(mail.sender.address, AUTOMATIC, since=at - ANSWERS_WITHIN)
    subject = likeness(Content(text=mail.text, subject=mail.subject).headline())
    same = sum(likeness(str(row.context.get("subject", ""))) == subject for row in told)
    return len(told) < ANSWERS and same < ANSWERS_OF_ONE_SUBJECT


def likeness(subject: str) -> str:
    """A subject without its numbers: another help desk puts its own into each answer."""
    return re.sub(r"[\d\W_]+", "", re.sub(r"[\[(（【].*?[\])）】]", "", subject)).lower()


def may_reopen(ticket: Ticket, *, at: datetime) -> bool:
    """A case is opened again by mail three times an hour at most."""
    again = ticket.events.filter(kind="reopen", at__gt=at - REOPENINGS_WITHIN, data__reason="customer_message")
    return again.count() < REOPENINGS


def too_many_from(sender: str, *, at: datetime) -> bool:
    """Whether an address has sent its twenty new cases this hour: the rest waits for a person."""
    if not sender:
        return False
    taken = RawMessage.objects.filter(
        channel=Channel.EMAIL, outcome="ticket", sender=sender, received_at__gt=at - TICKETS_WITHIN
    )
    return taken.count() >= TICKETS
