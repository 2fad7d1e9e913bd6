"""Who lost the tracking code proves themselves by a one-time code to the telephone or address on file (S-3).

Nothing is kept but the message itself: the page carries a sealed mark of the code, made before anything is looked up, so that
neither its words nor the clock tell whose case a number is.
"""

import hashlib
from datetime import datetime
from typing import Any

from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from redis.exceptions import RedisError

from accounts.throttles import hit
from common.phones import phone_number
from notices import services as notices
from notices import services_sms
from notices.models import Notice
from tickets import tracking
from tickets.models import Ticket

KIND, SALT = "lost_code", "feedback.lost_code"
MINUTES = 15
LENGTH = 8  # of 32 signs: a million million of them
MOST_AN_HOUR = 3
"""Codes that one case sends out; more would only fill somebody's mailbox."""
MOST_TO_ONE = 6
"""Codes that one mailbox or telephone gets, of whatever cases."""


def new_code() -> str:
    return tracking.normal(tracking.new_code())[-LENGTH:]


def sealed(number: str, contact: str, code: str) -> str:
    """What the page carries. Asks nobody; everything stands in it as it was typed."""
    return signing.dumps({"number": number, "contact": contact, "mark": mark_of(code, number, contact)}, salt=SALT)


@transaction.atomic
def send(number: str, contact: str, code: str, *, at: datetime) -> None:
    """The code to the contact, where it belongs to the number. Three queries at most."""
    ticket = numbered(number)
    way = way_to(ticket, contact) if ticket is not None else ""
    if ticket is not None and way and not too_many(ticket, way):
        notices.add(message(ticket, way, f"{code[:4]}-{code[4:]}", at))


def too_many(ticket: Ticket, way: str) -> bool:
    """Counted by case, and by the mailbox or telephone: whoever opens case after case in somebody's name fills neither."""
    assert ticket.customer is not None
    address = getattr(ticket.customer, way).casefold()
    who = hashlib.sha256(address.encode()).hexdigest()
    of_case = hit("lost", str(ticket.pk), limit=MOST_AN_HOUR, seconds=3600)
    return bool(of_case or hit("lost-to", who, limit=MOST_TO_ONE, seconds=3600))


def numbered(number: str) -> Ticket | None:
    number = number.strip()[:30]
    return Ticket.objects.select_related("customer").filter(number__in={number, number.upper()}).first()


def way_to(ticket: Ticket, contact: str) -> str:
    """`email` or `phone`, where the contact is the customer's; else nothing."""
    customer, contact = ticket.customer, contact.strip()
    if customer is None or not contact:
        return ""
    if customer.email and contact.casefold() == customer.email.casefold():
        return "email"
    try:
        return "phone" if customer.phone and phone_number(contact) == customer.phone else ""
    except ValueError:
        return ""


def message(ticket: Ticket, way: str, code: str, at: datetime) -> list[Notice]:
    assert ticket.customer is not None
    common: dict[str, Any] = {"key": f"{KIND}:{ticket.pk}:{at.isoformat()}", "at": at, "language": ticket.language}
    common["topic"] = ticket.number or ""
    if way == "email":
        return notices.to_address(ticket.customer.email, KIND, **common, context={"code": code, "minutes": MINUTES})
    if not services_sms.reaches(ticket.customer.phone, KIND):
        return []
    return services_sms.to_phone(ticket.customer.phone, KIND, **common, context={"text": code})


def mark_of(code: str, number: str, contact: str) -> str:
    return salted_hmac(SALT, f"{tracking.normal(code)}|{number}|{contact}").hexdigest()


def opened(seal: str, code: str) -> Ticket | None:
    """The case, for who has the code that was sent; once, within `MINUTES`, and as long as the contact is its customer's."""
    try:
        asked = signing.loads(seal, salt=SALT, max_age=MINUTES * 60)
    except signing.BadSignature:
        return None
    if not constant_time_compare(mark_of(code, asked["number"], asked["contact"]), asked["mark"]):
        return None
    ticket = numbered(asked["number"])
    if ticket is None or not way_to(ticket, asked["contact"]):
        return None
    try:
        unused = cache.add(f"{KIND}:{asked['mark']}", 1, timeout=MINUTES * 60)
    except (RedisError, OSError):  # without the cache it ends by time alone
        unused = True
    return ticket if unused else None
