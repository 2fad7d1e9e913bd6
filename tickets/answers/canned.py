"""Canned replies in the composer: which are offered, and with their variables filled (A5.1)."""

from typing import Any

from accounts.models import User
from common import wording
from common.wording import in_english
from tickets.models import CannedReply, Ticket
from tickets.situation import Settings


def offered(ticket: Ticket, known: Settings) -> list[CannedReply]:
    return [row for row in known.canned if row.nature in {"", ticket.nature}]


def values(ticket: Ticket, language: str, by: User) -> dict[str, Any]:
    """What stands for each variable, in the language of the answer."""
    english = in_english(language)
    return {
        "name": ticket.customer.name if ticket.customer else "",
        "number": ticket.number,
        "subject": ticket.subject,
        "company": wording.company(language),
        "handler": by.name_en if english and by.name_en else by.name,
    }


def chosen(ticket: Ticket, asked: str, known: Settings, verbs: list[str], by: User) -> dict[str, Any]:
    """What the composer begins with; nothing for a choice that is not offered."""
    row = next((one for one in offered(ticket, known) if str(one.pk) == asked), None)
    if row is None:
        return {}
    language = row.spoken(ticket.language)
    begun = {"text": row.words(language, values(ticket, language, by))}
    if not row.resolves:
        return begun
    return begun | ({"verb": "resolve"} if "resolve" in verbs else {"resolves": True})
