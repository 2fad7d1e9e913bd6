"""Mail: stored before it is read, read once, never lost (S-6, `intake.md`)."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from feedback.channels import email
from feedback.mail.reading import Mail, read
from feedback.models import Mailbox, RawMessage
from tickets.channels import Channel

log = logging.getLogger(__name__)

State = RawMessage.State
ATTEMPTS = 3
"""A mail that takes its reader down with it is put aside after as many tries."""


@dataclass(frozen=True)
class Outcome:
    """What became of a mail: ticket, reply, note, ignored or failed."""

    kind: str
    number: str = ""
    token_used: bool = False
    reason: str = ""


def store(mailbox: Mailbox, raw: bytes, *, uid: str = "", received_at: datetime) -> tuple[RawMessage, bool]:
    """The row of a mail, and whether it is new. `uid` is its "uidvalidity:uid" in the folder. One or two queries."""
    digest = hashlib.sha256(raw).hexdigest()
    try:
        with transaction.atomic():
            row = RawMessage.objects.create(
                channel=Channel.EMAIL, source=mailbox.code, uid=uid, raw=raw, sha256=digest, received_at=received_at
            )
    except IntegrityError:
        known = RawMessage.objects.filter(channel=Channel.EMAIL, source=mailbox.code)
        return known.filter(sha256=digest).first() or known.get(uid=uid), False
    return row, True


def process(pk: int, *, at: datetime) -> Outcome:
    """Read a stored mail and act on it, all or nothing. What fails is marked with its reason and kept."""
    if not claim(pk, at=at):
        return as_it_is(pk)
    try:
        return act(pk, at=at)
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
    number = (row.ticket.number or "") if row.ticket else ""
    return Outcome(row.outcome or row.state, number, reason=row.reason or row.error)


@transaction.atomic
def act(pk: int, *, at: datetime) -> Outcome:
    row = RawMessage.objects.select_for_update().get(pk=pk)
    if row.state != State.RECEIVED:
        return as_it_is(pk)
    mail = read(bytes(row.raw))
    row.sender, row.subject, row.message_id = mail.sender.address[:254], mail.subject[:200], mail.message_id
    if mail.damage and not mail.text:
        outcome = Outcome("failed", reason=mail.damage)
    else:
        outcome = decide(row, mail, at=at)
    row.outcome, row.reason = outcome.kind, outcome.reason[:40]
    row.state = {"failed": State.FAILED, "ignored": State.IGNORED}.get(outcome.kind, State.DONE)
    row.error = mail.damage if outcome.kind == "failed" else ""
    row.save(update_fields=["sender", "subject", "message_id", "outcome", "reason", "state", "error"])
    return outcome


def decide(row: RawMessage, mail: Mail, *, at: datetime) -> Outcome:
    if mail.machine:
        return Outcome("ignored", reason=mail.machine)
    receipt = email.take(row, mail, at=at)
    return Outcome("ticket", receipt.ticket.number or "")


def foreseen(mail: Mail) -> Outcome:
    """What would become of a mail, without storing anything."""
    if mail.damage and not mail.text:
        return Outcome("failed", reason=mail.damage)
    if mail.machine:
        return Outcome("ignored", reason=mail.machine)
    return Outcome("ticket")
