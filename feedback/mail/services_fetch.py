"""Mailboxes, read by IMAP. A mail is stored first and marked as seen afterwards: killed at any moment, each comes once.

What is known of a folder (`Mailbox.uidvalidity`, `last_uid`) only saves work; that a mail is stored once is held by the
unique (mailbox, uidvalidity:uid) and (mailbox, content) of `RawMessage`.
"""

import imaplib
import logging
import re
import ssl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from imapclient import SEEN, IMAPClient
from imapclient.exceptions import IMAPClientError

from feedback.mail import secrets as mail_secrets
from feedback.mail import servers
from feedback.mail import services as services_mail
from feedback.models import Mailbox, RawMessage
from notices import outgoing
from tickets.channels import Channel

log = logging.getLogger(__name__)

LARGEST = 100 * 2**20
ONE_LOOK = 50
"""Mails whose sizes are asked for at once; their contents come one by one, so that memory stays small."""
ERRORS = (IMAPClientError, imaplib.IMAP4.error, OSError, ssl.SSLError, EOFError)


class CannotFetch(Exception):
    """The mailbox could not be read; the message says why, for whoever keeps it."""


@contextmanager
def session(mailbox: Mailbox) -> Iterator[IMAPClient]:
    """Signed in, with the folder open. Raises CannotFetch."""
    try:
        client = servers.connect(mailbox)
    except outgoing.AddressRefused as refused:
        raise CannotFetch(str(refused)[:500]) from None
    except ERRORS as error:
        raise CannotFetch(f"{mailbox.host}:{mailbox.port}: {error}") from error
    try:
        client.normalise_times = False
        if mailbox.security == Mailbox.Security.STARTTLS:
            client.starttls(ssl.create_default_context())
        client.login(mailbox.username, mail_secrets.opened(mailbox.sealed_password))
        yield client
    except ERRORS as error:
        raise CannotFetch(f"{type(error).__name__}: {said(error)}"[:500]) from error
    finally:
        try:
            client.logout()
        except ERRORS:
            pass


def said(error: Exception) -> str:
    """What the server said, which the library hands on as written-out bytes: `b'[AUTHENTICATIONFAILED] …'`."""
    return re.sub(r"""\Ab(['"])(.*)\1\Z""", r"\2", str(error), flags=re.DOTALL)


@contextmanager
def alone(mailbox: Mailbox) -> Iterator[bool]:
    """Whether nobody else reads this mailbox now. The lock ends with the database connection, so with the process."""
    key = zlib.crc32(f"mailbox {mailbox.pk}".encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        ours = bool(cursor.fetchone()[0])
    try:
        yield ours
    finally:
        if ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def fetch(mailbox: Mailbox, *, at: datetime) -> list[int]:
    """One run: the rows of what is new. Notes how it went; never raises for what the server does."""
    with alone(mailbox) as ours:
        if not ours:
            return []
        try:
            with session(mailbox) as client:
                return take_new(mailbox, client, at=at)
        except CannotFetch as error:
            note_failure(mailbox, str(error), at=at)
            return []


def note_failure(mailbox: Mailbox, error: str, *, at: datetime) -> None:
    log.warning("mailbox %s: %s", mailbox.code, error)
    Mailbox.objects.filter(pk=mailbox.pk).update(checked_at=at, error=error[:500])


def take_new(mailbox: Mailbox, client: IMAPClient, *, at: datetime) -> list[int]:
    """Store what the folder has and we have not; mark it as seen. The rows that are new."""
    mailbox.refresh_from_db()
    folder = client.select_folder(mailbox.folder)
    validity = int(folder[b"UIDVALIDITY"])
    wanted = uids_wanted(mailbox, client, validity)
    if mailbox.uidvalidity != validity:
        mailbox.uidvalidity, mailbox.last_uid = validity, int(folder.get(b"UIDNEXT", 1)) - 1
        mailbox.save(update_fields=["uidvalidity", "last_uid"])
    new: list[int] = []
    for start in range(0, len(wanted), ONE_LOOK):
        piece = wanted[start : start + ONE_LOOK]
        new += take_piece(mailbox, client, piece, at=at)
        mailbox.last_uid = max(mailbox.last_uid, piece[-1])
        mailbox.save(update_fields=["last_uid"])
    Mailbox.objects.filter(pk=mailbox.pk).update(checked_at=at, good_at=at, error="")
    return new


def uids_wanted(mailbox: Mailbox, client: IMAPClient, validity: int) -> list[int]:
    """What nobody has seen, and what came since the last look, seen or not.

    On the first run only the unseen: a mailbox of ten years is no feedback of today. When the server numbers its mails
    anew, everything since the last good run; what we have already is known by its content.
    """
    found = set(client.search("UNSEEN"))
    if mailbox.uidvalidity == validity:
        found |= {uid for uid in client.search(["UID", f"{mailbox.last_uid + 1}:*"]) if uid > mailbox.last_uid}
    elif mailbox.good_at:
        found |= set(client.search(["SINCE", (mailbox.good_at - timedelta(days=1)).date()]))
    return sorted(found)


def take_piece(mailbox: Mailbox, client: IMAPClient, uids: list[int], *, at: datetime) -> list[int]:
    names = {uid: f"{mailbox.uidvalidity}:{uid}" for uid in uids}
    known = set(
        RawMessage.objects.filter(channel=Channel.EMAIL, source=mailbox.code, uid__in=names.values()).values_list(
            "uid", flat=True
        )
    )
    told = client.fetch(uids, ["INTERNALDATE", "RFC822.SIZE"])
    new = []
    for uid in uids:
        if names[uid] not in known and uid in told:
            row = take_one(mailbox, client, uid, told[uid], at=at)
            new += [row] if row else []
        client.add_flags([uid], [SEEN], silent=True)
    return new


def take_one(mailbox: Mailbox, client: IMAPClient, uid: int, told: dict[bytes, object], *, at: datetime) -> int | None:
    """The row of one mail; None when it is stored already, or gone from the folder meanwhile."""
    too_large = int(str(told[b"RFC822.SIZE"])) > LARGEST
    wanted = "BODY.PEEK[HEADER]" if too_large else "BODY.PEEK[]"
    body = client.fetch([uid], [wanted]).get(uid, {}).get(wanted.replace(".PEEK", "").encode())
    if not body:
        return None
    arrived = told.get(b"INTERNALDATE")
    received = min(arrived.astimezone(UTC), at) if isinstance(arrived, datetime) and arrived.tzinfo else at
    with transaction.atomic():
        row, is_new = services_mail.store(mailbox, body, uid=f"{mailbox.uidvalidity}:{uid}", received_at=received)
        if is_new and too_large:
            services_mail.fail(row.pk, f"Larger than {LARGEST // 2**20} MB; the mail itself is in the mailbox.")
    return row.pk if is_new else None


def follow(mailbox: Mailbox, client: IMAPClient, *, seconds: int) -> bool:
    """Wait until something comes, as long as the server can tell (IDLE). False when it cannot."""
    if not client.has_capability("IDLE"):
        return False
    client.idle()
    try:
        client.idle_check(timeout=seconds)
    finally:
        client.idle_done()
    return True
