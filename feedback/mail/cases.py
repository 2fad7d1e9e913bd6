"""Which case a mail goes on with, and in what part its sender speaks (S-6, `lessons.md` d6).

Order: our signed reference (Message-ID, reply address, foot of the text), then `References` newest first, then
`In-Reply-To`, then a number in the subject. Never the subject's words.
"""

import re
from dataclasses import dataclass

from django.conf import settings
from django.db.models.functions import Lower

from accounts.models import User
from feedback.mail.message.forwarded import Original, originals
from feedback.mail.message.machine import is_robot
from feedback.mail.message.reading import Mail
from feedback.models import Mailbox, RawMessage
from notices import threads
from notices.models import Notice
from tickets.channels import Channel
from tickets.models import Ticket

_NUMBER = re.compile(r"[\[(（【]\s*#?\s*([A-Za-z0-9][A-Za-z0-9_-]{3,29})\s*[\])）】]")
_BODY = 100_000


@dataclass(frozen=True)
class Found:
    """`token_used`: our signature proves it. `participant`: the customer writes. `colleague`: somebody of ours."""

    ticket: Ticket
    token_used: bool
    participant: bool
    colleague: bool = False


def find(mail: Mail) -> Found | None:
    """The case of a mail; None for a new matter. Two to five queries."""
    return by_token(mail) or by_known_mail(mail) or by_number(mail)


def by_token(mail: Mail) -> Found | None:
    newest_first = [*reversed(mail.references), *mail.in_reply_to]
    places = [*newest_first, *(known.address for known in mail.to), mail.text[:_BODY], mail.text[-_BODY:]]
    for topic, token in dict.fromkeys(found for place in places for found in threads.references(place)):
        ticket = with_number(topic)
        if ticket is None:
            continue
        customers, colleagues = written_to(ticket)
        if any(threads.is_signed(topic, token, address) for address in customers | colleagues):
            return judged(ticket, mail, token_used=True, customers=customers)
    return None


def by_known_mail(mail: Mail) -> Found | None:
    """By a mail that came or went before. Numbers of mails can be invented, so only a participant is believed."""
    wanted = [*reversed(mail.references), *mail.in_reply_to]
    rows = (
        RawMessage.objects.filter(message_id__in=wanted[:50], channel=Channel.EMAIL)
        .exclude(message_id="")
        .exclude(ticket=None)
    )
    came = dict(rows.values_list("message_id", "ticket"))
    sent = dict(
        Notice.objects.filter(message_id__in=[f"<{one}>" for one in wanted if one][:50]).values_list(
            "message_id", "topic"
        )
    )
    for one in wanted:
        ticket = Ticket.objects.filter(pk=came[one]).first() if one in came else None
        ticket = ticket or (with_number(sent[f"<{one}>"]) if f"<{one}>" in sent else None)
        if ticket and (found := of_participant(ticket, mail)):
            return found
    return None


def by_number(mail: Mail) -> Found | None:
    for number in _NUMBER.findall(mail.subject)[:5]:
        ticket = with_number(number)
        if ticket and (found := of_participant(ticket, mail)):
            return found
    return None


def of_participant(ticket: Ticket, mail: Mail) -> Found | None:
    customers, _colleagues = written_to(ticket)
    found = judged(ticket, mail, token_used=False, customers=customers)
    return found if found.participant else None


def judged(ticket: Ticket, mail: Mail, *, token_used: bool, customers: set[str]) -> Found:
    sender = mail.sender.address.lower()
    colleague = sender not in customers and bool(sender) and User.objects.filter(email__iexact=sender).exists()
    return Found(survivor(ticket), token_used, sender in customers and not mail.forged, colleague)


def with_number(number: str) -> Ticket | None:
    """Mail servers may write the local part of an address in lower case."""
    return Ticket.objects.select_related("customer", "category").filter(number__in={number, number.upper()}).first()


def survivor(ticket: Ticket) -> Ticket:
    """An answer to a merged case belongs to the one that it was merged into."""
    for _step in range(20):
        if ticket.merged_into is None:
            break
        ticket = ticket.merged_into
    return ticket


def written_to(ticket: Ticket) -> tuple[set[str], set[str]]:
    """The addresses of the customer, and those of colleagues, that this case's mails went to, in lower case.

    A customer who was taken off the case is a stranger to it.
    """
    rows = Notice.objects.filter(topic=ticket.number, channel=Notice.Channel.EMAIL).order_by()
    if corrected := ticket.events.filter(kind="correct_customer").order_by("-at", "-pk").values("at").first():
        rows = rows.exclude(user=None, created_at__lt=corrected["at"])
    customers = set(rows.filter(user=None).exclude(address="").values_list(Lower("address"), flat=True))
    colleagues = set(rows.exclude(user=None).values_list(Lower("user__email"), flat=True))
    if ticket.customer and ticket.customer.email:
        customers.add(ticket.customer.email.lower())
    return customers - {""}, colleagues - {""}


def passed_on(mail: Mail) -> Original | None:
    """What a colleague forwards of somebody who is none; None for anybody else's mail. Two queries for a colleague's."""
    sender = mail.sender.address.lower()
    if mail.forged or not sender or not (found := originals(mail)):
        return None
    colleagues = set(User.objects.exclude(email="").values_list(Lower("email"), flat=True))
    if sender not in colleagues:
        return None
    house = colleagues | our_addresses()
    return next((one for one in found if one.sender.address.lower() not in house and not is_robot(one.sender)), None)


def our_addresses() -> set[str]:
    return set(Mailbox.objects.values_list(Lower("address"), flat=True)) | {settings.DEFAULT_FROM_EMAIL.lower()}


def is_our_own(mail: Mail) -> bool:
    """From one of our mailboxes, or under a Message-ID that we signed: a loop."""
    if mail.sender.address.lower() in our_addresses():
        return True
    return any(
        Notice.objects.filter(message_id=f"<{mail.message_id}>").exists()
        for _ref in threads.references(mail.message_id)
    )
