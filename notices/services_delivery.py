"""How rows of the outbox leave: claimed in one short transaction, sent outside of any, settled in another (R-6 FI-9).

Delivery is at least once. A try that ended without an answer, because the worker was killed or the other side fell
silent, is made once more under the same Message-ID and then given up: at most one copy too many, never a loop.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from accounts.throttles import hit
from notices import threads, ways
from notices.models import NOT_MINE, TO_UNPROVED, Notice

log = logging.getLogger(__name__)

Channel, State = Notice.Channel, Notice.State
CLAIMED = timedelta(minutes=2)
LONGEST_RUN = 20.0  # seconds of one task
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=4)
UNSURE_RETRY = timedelta(minutes=10)
ATTEMPTS = 12
MOST_UNSURE = 2
MOST_AN_HOUR = 10
LEFT_ALONE = timedelta(days=30)


def deliver(at: datetime, channel: Notice.Channel, send: Callable[[Notice], bool], *, limit: int) -> int:
    """Send what is due by one way, oldest first. How many were sent.

    `send` says on the row what became of it, and whether the way is open for the next. One worker at a time sends by a
    way: when the other side is silent, only one of them waits for it. One that is killed leaves the way at once.
    """
    began, sent = time.monotonic(), 0
    for _ in range(limit):
        notice = claim(at, channel)
        if notice is None:
            break
        if notice.state == State.WAITING:
            with ways.taken(channel):
                is_open = send(notice)
                settle(notice)
            sent += notice.state == State.SENT
            if not is_open or time.monotonic() - began > LONGEST_RUN:
                break
    return sent


@transaction.atomic
def claim(at: datetime, channel: Notice.Channel) -> Notice | None:
    """The next one, in the caller's hands for two minutes; not waiting any more, it need not be sent. None: nothing is
    due, or another worker is at it."""
    if Notice.objects.under_way(at, channel=channel).exists() and ways.is_taken(channel):
        return None
    due = Notice.objects.due(at, channel=channel).select_for_update(skip_locked=True, of=("self",))
    notice = due.select_related("user").first()
    if notice is None:
        return None
    if is_one_too_many(notice) or (notice.user is not None and not notice.user.is_active):  # who has left hears no more
        notice.state = State.CANCELLED
    elif notice.unsure >= MOST_UNSURE:
        fail(notice, f"given up after {notice.unsure} tries without an answer; it may have arrived. {notice.error}")
    else:
        notice.attempts += 1
        notice.unsure += 1
        notice.claimed_until = at + CLAIMED
        if channel == Channel.EMAIL:
            notice.message_id = notice.message_id or threads.message_id(notice)
    notice.save(update_fields=["state", "error", "attempts", "unsure", "claimed_until", "message_id"])
    return notice


def settle(notice: Notice) -> None:
    """Write down what became of a try. What was sent counts as sent even if it was taken back or claimed anew meanwhile;
    anything else counts only for whoever still holds the claim."""
    rows = Notice.objects.filter(pk=notice.pk)
    if notice.state == State.SENT:
        rows = rows.filter(state__in=[State.WAITING, State.CANCELLED])
    else:
        rows = rows.filter(state=State.WAITING, attempts=notice.attempts)
    told = ("state", "sent_at", "error", "not_before", "unsure", "message_id", "context")
    rows.update(claimed_until=None, **{name: getattr(notice, name) for name in told})


def sent(notice: Notice, at: datetime) -> None:
    notice.state, notice.sent_at, notice.error, notice.unsure = State.SENT, at, "", 0


def fail(notice: Notice, error: str) -> None:
    notice.state, notice.error = State.FAILED, error[:500]
    log.warning("notice %s failed: %s", notice.pk, notice.kind)


def try_again(notice: Notice, error: Exception, at: datetime, *, is_sure: bool = True) -> None:
    """`is_sure`: that it has not arrived."""
    if notice.attempts >= ATTEMPTS:
        fail(notice, str(error))
        return
    notice.error = f"{type(error).__name__}: {error}"[:500]
    pause = min(FIRST_RETRY * 2 ** (notice.attempts - 1), LONGEST_RETRY)
    if is_sure:
        notice.unsure -= 1
    else:
        pause = max(pause, UNSURE_RETRY)
    notice.not_before = at + pause


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
