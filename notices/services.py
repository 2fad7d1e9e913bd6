"""Messages out: rows in the sender's transaction (outbox), delivery afterwards with retries.

Delivery is at least once: each message is sent and marked in a transaction of its own, with a Message-ID that never
changes, so that a worker killed between the two sends at most one copy more, which mail programs fold.
"""

import hashlib
import logging
import smtplib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Count

from accounts.models import User
from accounts.throttles import hit
from notices import quiet, threads, wording
from notices.models import TO_UNPROVED, Notice
from notices.outbox import add as add

log = logging.getLogger(__name__)

Channel, State = Notice.Channel, Notice.State
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=4)
ATTEMPTS = 12
MOST_AN_HOUR = 10
NOT_MINE = "not_me"
"""Kind of the row that an address leaves here when it was written to for somebody else's feedback; nothing is sent."""
LEFT_ALONE = timedelta(days=30)


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
    rows = [Notice(channel=Channel.IN_APP, state=State.SENT, sent_at=at, **common)]
    if by_mail and user.email:
        later = {"not_before": quiet.not_before(at, urgent=urgent)}
        rows.append(Notice(channel=Channel.EMAIL, **common | later))
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
    row = Notice(key=key, kind=kind, channel=Channel.EMAIL, address=address, language=language, topic=topic)
    row.context, row.created_at, row.not_before = context or {}, at, at
    return [row]


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
    """Send what is due, oldest first; safe with many workers. Returns how many were sent.

    Stops early when the mail server cannot be reached: the rest would only wait for the same answer.
    """
    sent = 0
    with get_connection() as connection:
        for _ in range(limit):
            outcome = deliver_next(at, connection)
            if outcome is None or outcome is State.WAITING:
                break
            sent += outcome is State.SENT
    return sent


@transaction.atomic
def deliver_next(at: datetime, connection: BaseEmailBackend) -> Notice.State | None:
    """Send one notice. Its new state; None when none is due; WAITING when it must be tried again."""
    notice = Notice.objects.due(at).select_for_update(skip_locked=True, of=("self",)).select_related("user").first()
    if notice is None:
        return None
    if is_one_too_many(notice) or (notice.user is not None and not notice.user.is_active):  # who has left hears no more
        notice.state = State.CANCELLED
        notice.save(update_fields=["state"])
        return State.CANCELLED
    notice.attempts += 1
    notice.message_id = notice.message_id or threads.message_id(notice)
    try:
        connection.send_messages([wording.as_mail(notice)])
    except smtplib.SMTPRecipientsRefused as refusal:
        fail(notice, str(refusal))
    except (OSError, smtplib.SMTPException) as error:
        connection.close()
        try_again(notice, error, at)
    else:
        notice.state, notice.sent_at, notice.error = State.SENT, at, ""
    notice.save(update_fields=["state", "sent_at", "error", "attempts", "not_before", "message_id"])
    return State(notice.state)


def is_one_too_many(notice: Notice) -> bool:
    """Asked once, before the first attempt; what is tried again is not counted again. A query for such a kind."""
    if notice.kind not in TO_UNPROVED or notice.attempts:
        return False
    return wants_none(notice) or too_many_to(notice.address)


def wants_none(notice: Notice) -> bool:
    """Whether somebody said at this address that feedback under it was not theirs, lately."""
    since = notice.created_at - LEFT_ALONE
    return Notice.objects.filter(
        kind=NOT_MINE, address__in=[notice.address, notice.address.lower()], created_at__gt=since
    ).exists()


def too_many_to(address: str) -> bool:
    """Whether an address had its share of acknowledgements this hour: somebody may be flooding a stranger (S-6)."""
    who = hashlib.sha256(address.lower().encode()).hexdigest()
    return bool(hit("mail", who, limit=MOST_AN_HOUR, seconds=3600))


def fail(notice: Notice, error: str) -> None:
    notice.state, notice.error = State.FAILED, error[:500]
    log.warning("notice %s failed: %s", notice.pk, notice.kind)


def try_again(notice: Notice, error: Exception, at: datetime) -> None:
    if notice.attempts >= ATTEMPTS:
        fail(notice, str(error))
        return
    notice.error = f"{type(error).__name__}: {error}"[:500]
    notice.not_before = at + min(FIRST_RETRY * 2 ** (notice.attempts - 1), LONGEST_RETRY)


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
