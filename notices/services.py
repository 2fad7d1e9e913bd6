"""Messages out: rows in the sender's transaction (outbox), delivered afterwards as `services_delivery` says."""

import logging
import smtplib
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db.models import Count

from accounts.models import User
from notices import quiet, wording
from notices.models import Notice
from notices.outbox import add as add
from notices.services_delivery import deliver, fail, sent, try_again

log = logging.getLogger(__name__)

Channel, State = Notice.Channel, Notice.State


def to_user(
    user: User,
    kind: str,
    *,
    key: str,
    at: datetime,
    topic: str = "",
    context: dict[str, Any] | None = None,
    urgent: bool = False,
    by_mail: bool = False,
) -> list[Notice]:
    """Unsaved rows that tell a colleague: in the app, and by mail too when asked and an address is known."""
    common = {"key": key, "kind": kind, "user": user, "language": user.language, "topic": topic}
    common |= {"context": context or {}, "urgent": urgent, "created_at": at, "not_before": at}
    rows = [Notice.begun(channel=Channel.IN_APP, state=State.SENT, sent_at=at, **common)]
    if by_mail and user.email:
        later = {"not_before": quiet.not_before(at, urgent=urgent)}
        rows.append(Notice.begun(channel=Channel.EMAIL, **common | later))
    return rows


def to_address(
    address: str,
    kind: str,
    *,
    key: str,
    at: datetime,
    language: str = "zh-hans",
    topic: str = "",
    context: dict[str, Any] | None = None,
) -> list[Notice]:
    """The unsaved row that tells a customer by mail; none when the address is not one."""
    try:
        validate_email(address)
    except ValidationError:
        return []
    told = {
        "key": key,
        "kind": kind,
        "address": address,
        "language": language,
        "topic": topic,
        "context": context or {},
    }
    return [Notice.begun(channel=Channel.EMAIL, created_at=at, not_before=at, **told)]


def told_at(at: datetime, users: Collection[int], kinds: Collection[str]) -> dict[int, int]:
    """How many notices of these kinds that are not urgent each of the users (by key) got at this very instant. One query."""
    told = Notice.objects.filter(
        user__in=list(users), created_at=at, kind__in=kinds, channel=Channel.IN_APP, urgent=False
    )
    return dict(told.order_by().values_list("user").annotate(n=Count("pk")))


def cancel(topic: str, kind: str) -> int:
    """Take back what is not sent yet."""
    waiting = Notice.objects.filter(topic=topic, kind=kind, state=State.WAITING)
    return waiting.update(state=State.CANCELLED)


def read(user: User, at: datetime) -> int:
    """Mark everything shown to a user as read."""
    return Notice.objects.shown_to(user).unread().update(read_at=at)


def deliver_due(at: datetime, *, limit: int = 1000) -> int:
    """Send the mails that are due; safe with many workers. Returns how many were sent.

    The mail server is asked only when there is one, and left alone for this time when it cannot be reached.
    """
    connection = get_connection()
    try:
        return deliver(at, Channel.EMAIL, lambda notice: send(notice, connection, at), limit=limit)
    finally:
        connection.close()


def send(notice: Notice, connection: BaseEmailBackend, at: datetime) -> bool:
    """One mail; whether the server takes more. What cannot be worded or addressed is tried again as any other failure."""
    is_sure = True
    try:
        mail = wording.as_mail(notice)
        mail.message()
        connection.open()
        is_sure = False
        connection.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as refusal:
        code, _said = next(iter(refusal.recipients.values()))
        if code >= 500:
            fail(notice, str(refusal))
        else:  # greylisting, a full mailbox
            try_again(notice, refusal, at)
    except smtplib.SMTPResponseException as answer:
        connection.close()
        try_again(notice, answer, at)
        return False
    except (OSError, smtplib.SMTPException) as error:
        connection.close()
        try_again(notice, error, at, is_sure=is_sure)
        return False
    except Exception as error:
        log.exception("notice %s cannot be made a mail: %s", notice.pk, notice.kind)
        try_again(notice, error, at)
    else:
        sent(notice, at)
    return True


def returned(message_id: str, *, failed: bool, detail: str, at: datetime) -> Notice | None:
    """A delivery report on one of our mails: noted on its row; a failed one counts as not delivered. None: not ours."""
    notice = Notice.objects.filter(message_id=f"<{message_id}>").first() if message_id else None
    if notice is None:
        return None
    notice.returned_at, notice.returned = at, detail[:500]
    if failed:
        notice.state, notice.error = State.FAILED, detail[:500]
    notice.save(update_fields=["returned_at", "returned", "state", "error"])
    return notice


def automatic_to(address: str, kinds: set[str], *, since: datetime) -> list[Notice]:
    """What we wrote to an address by ourselves lately, newest first. One query."""
    rows = Notice.objects.filter(address__in=[address, address.lower()], kind__in=kinds, created_at__gt=since)
    return list(rows.order_by("-created_at")[:50])
