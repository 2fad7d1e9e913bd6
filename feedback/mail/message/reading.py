"""`read`: the raw bytes of a mail to everything that is known of it."""

import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from common.text import one_line
from feedback.mail.message import quotes
from feedback.mail.message.addresses import Address, addresses, sender
from feedback.mail.message.body import LONGEST_TEXT, Body
from feedback.mail.message.files import File
from feedback.mail.message.machine import Report, reason_of, report_of
from feedback.mail.message.structure import Message, header, headers, parse, parts
from feedback.mail.message.words import header_text

log = logging.getLogger(__name__)

LONGEST_SUBJECT = 1_000
NOBODY = Address()
_ID = re.compile(r"<\s*([^<>]{1,500}?)\s*>")


@dataclass(frozen=True)
class Mail:
    """A mail, read. `machine` says why it is a program's, empty for a person's; `html` is as it came, never to be shown raw.

    `forged`: our own mail server found that the sender's domain denies it (DMARC).
    """

    sender: Address = NOBODY
    reply_to: Address = NOBODY
    to: tuple[Address, ...] = ()
    subject: str = ""
    text: str = ""
    reply_text: str = ""
    html: str = ""
    files: tuple[File, ...] = ()
    date: datetime | None = None
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    forged: bool = False
    machine: str = ""
    report: Report | None = None
    doubtful: bool = False
    damage: str = ""


def read(raw: bytes) -> Mail:
    """Never raises: what breaks our reading is named in `damage`, with what could still be read."""
    try:
        message, too_deep = parse(raw)
        del raw  # unless the caller holds it, it goes here: what follows makes as much again
        return understood(message, too_deep)
    except Exception as error:  # the world's mail: the raw bytes are stored, a person looks at them
        log.exception("a mail could not be read")
        return Mail(damage=f"{type(error).__name__}: {error}"[:300], doubtful=True)


def understood(message: Message, too_deep: bool) -> Mail:
    leaves = list(parts(message, whole=too_deep))
    charset = next((part.charset for part in leaves if part.charset), "")
    who = sender(headers(message, "From") or headers(message, "Sender"))
    subject = header_text(header(message, "Subject"), charset=charset)[:LONGEST_SUBJECT]
    report = report_of(message, leaves)
    body = Body(report=report is not None)
    for part in leaves:
        body.take(part)
    text = body.words()
    known_ids = ids(" ".join(headers(message, "References")))
    return Mail(
        sender=who,
        reply_to=sender(headers(message, "Reply-To")),
        to=tuple(
            found
            for name in ("To", "Cc", "Delivered-To", "X-Original-To")
            for value in headers(message, name)[:5]
            for found in addresses(value)
        ),
        subject=subject,
        text=text,
        reply_text=quotes.reply_text(text, sender_name=who.name, sender_address=who.address),
        html="\n".join(body.html)[:LONGEST_TEXT],
        files=tuple(body.listed()),
        date=date_of(header(message, "Date")),
        message_id=(ids(header(message, "Message-ID")) or [header_text(header(message, "Message-ID")).strip("<> ")])[0][
            :500
        ],
        in_reply_to=tuple(ids(header(message, "In-Reply-To"))[:5]),
        references=tuple(known_ids[-50:]),
        forged=is_forged(header(message, "Authentication-Results")),
        machine=reason_of(message, who, subject, report, leaves=leaves, text=text),
        report=report,
        doubtful=body.doubtful,
        damage="too deep" if too_deep or any(part.too_deep for part in leaves) else "",
    )


def ids(value: str) -> list[str]:
    return [one_line(found) for found in _ID.findall(header_text(value[-20_000:]))]


def date_of(value: str) -> datetime | None:
    """What the sender says; never used for a limit."""
    try:
        found = parsedate_to_datetime(value[:200])
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def is_forged(results: str) -> bool:
    """By the topmost `Authentication-Results`, the one that the last server wrote."""
    return bool(re.search(r"\bdmarc\s*=\s*fail\b", results[:2_000], re.IGNORECASE))
