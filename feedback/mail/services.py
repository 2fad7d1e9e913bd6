"""Mail: stored before it is read, read once, never lost (S-6, `intake.md`)."""

import hashlib
import logging
from datetime import datetime

from django.db import Error, IntegrityError, transaction

from feedback.mail import cases as mail_cases
from feedback.mail import raw_bytes
from feedback.mail.message.reading import Mail, read
from feedback.mail.services_act import Outcome, decide
from feedback.models import Mailbox, RawMessage
from tickets.channels import Channel

log = logging.getLogger(__name__)

State = RawMessage.State
ATTEMPTS = 3
"""A mail that takes its reader down with it is put aside after as many tries."""


def store(mailbox: Mailbox, raw: bytes, *, uid: str = "", received_at: datetime) -> tuple[RawMessage, bool]:
    """The row of a mail, and whether it is new. `uid` is its "uidvalidity:uid" in the folder. Three queries."""
    digest = hashlib.sha256(raw).hexdigest()
    known = RawMessage.objects.defer("raw").filter(channel=Channel.EMAIL, source=mailbox.code)
    try:
        with transaction.atomic():
            key = raw_bytes.create(
                raw, channel=Channel.EMAIL, source=mailbox.code, uid=uid, sha256=digest, received_at=received_at
            )
    except IntegrityError:
        return known.filter(sha256=digest).first() or known.get(uid=uid), False
    return known.get(pk=key), True


def process(pk: int, *, at: datetime, by_hand: bool = False) -> Outcome:
    """Read a stored mail and act on it, all or nothing. What fails is marked with its reason and kept."""
    if not claim(pk, at=at):
        return as_it_is(pk)
    try:
        return act(pk, at=at, by_hand=by_hand)
    except Exception as error:  # whatever breaks on one mail must not stop the others
        log.exception("mail %s failed", pk)
        return fail(pk, f"{type(error).__name__}: {error}")


def claim(pk: int, *, at: datetime) -> bool:
    """Count a try, so that it counts even when the process dies of it. False when there is nothing to do."""
    with transaction.atomic():
        row = (
            RawMessage.objects.select_for_update(skip_locked=True)
            .defer("raw")
            .filter(pk=pk, state=State.RECEIVED)
            .first()
        )
        if row is None:
            return False
        if row.attempts >= ATTEMPTS:
            fail(pk, "It could not be read in the time given, several times.")
            return False
        RawMessage.objects.filter(pk=pk).update(attempts=row.attempts + 1, tried_at=at)
        return True


def fail(pk: int, error: str) -> Outcome:
    RawMessage.objects.filter(pk=pk, state=State.RECEIVED).update(
        state=State.FAILED, outcome="failed", error=error[:500]
    )
    return Outcome("failed", reason=error[:500])


def as_it_is(pk: int) -> Outcome:
    row = RawMessage.objects.defer("raw").select_related("ticket").get(pk=pk)
    return Outcome(row.outcome or row.state, row.ticket, reason=row.reason or row.error)


@transaction.atomic
def act(pk: int, *, at: datetime, by_hand: bool = False) -> Outcome:
    row = RawMessage.objects.select_for_update().defer("raw").get(pk=pk)
    if row.state != State.RECEIVED:
        return as_it_is(pk)
    mail = read(raw_bytes.of(pk))
    row.sender, row.subject, row.message_id = mail.sender.address[:254], mail.subject[:200], mail.message_id
    row.save(update_fields=["sender", "subject", "message_id"])
    if mail.damage and not mail.text and not by_hand:
        outcome = Outcome("failed", reason=mail.damage)
    else:
        outcome = decide(row, mail, at=at, by_hand=by_hand)
    row.outcome, row.reason, row.ticket = outcome.kind, outcome.reason[:40], outcome.ticket
    row.state = {"failed": State.FAILED, "ignored": State.IGNORED}.get(outcome.kind, State.DONE)
    row.error = mail.damage if outcome.kind == "failed" else ""
    row.save(update_fields=["outcome", "reason", "ticket", "state", "error"])
    return outcome


def retry(row: RawMessage, *, at: datetime, by_hand: bool) -> Outcome:
    """Once more, after an upgrade; or `by_hand`, as a case whatever it looks like. Only what failed or was left alone."""
    changed = RawMessage.objects.filter(pk=row.pk, state__in=[State.FAILED, State.IGNORED]).exclude(raw=b"")
    if not changed.update(state=State.RECEIVED, attempts=0, error="", outcome="", reason="", ticket=None):
        return as_it_is(row.pk)
    return process(row.pk, at=at, by_hand=by_hand)


def foreseen(mail: Mail) -> Outcome:
    """What would become of a mail, without storing anything. Asks the database, and does without when there is none."""
    if mail.damage and not mail.text:
        return Outcome("failed", reason=mail.damage)
    try:
        with transaction.atomic():
            found = None if mail.report else mail_cases.find(mail)
            own = mail_cases.is_our_own(mail)
    except Error:
        found, own = None, False
    if own:
        return Outcome("ignored", reason="own")
    token = found is not None and found.token_used
    if mail.machine:
        return Outcome("note" if found else "ignored", found.ticket if found else None, token, mail.machine)
    if found and (found.participant or token):
        return Outcome("reply" if found.participant else "note", found.ticket, token)
    return Outcome("ticket")
