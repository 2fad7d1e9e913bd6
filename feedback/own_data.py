"""What we hold of a customer in one case, for the customer alone: JSON and the files, in one archive (PIPL, C2.1)."""

import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from common import masks
from feedback.case import case_of
from tickets.models import Attachment, Ticket

_DIGITS = re.compile(r"\d")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u202a-\u202e\u2066-\u2069]')


def needs_proof(ticket: Ticket) -> bool:
    """The code opens the case; name and address are given out only to who knows one of them."""
    return bool(ticket.customer and (ticket.customer.phone or ticket.customer.email))


def proved_by(ticket: Ticket, given: str) -> str:
    """`email` for the whole address, `phone` for the last four digits of the telephone, nothing for anything else."""
    customer, given = ticket.customer, given.strip()
    if customer is None or not given:
        return ""
    if customer.email and given.casefold() == customer.email.casefold():
        return "email"
    digits = "".join(_DIGITS.findall(customer.phone.split("转")[0]))
    return "phone" if len(digits) >= 7 and given == digits[-4:] else ""


def archive(ticket: Ticket, *, address: bool) -> IO[bytes]:
    """A zip in a temporary file, rewound: `data.json` and `files/`. Nothing in it is internal.

    `address`: whether the e-mail address is given out whole. A case under a name and a number that somebody else left
    before is that person's too, with the address that they left; digits prove that one knows the number, no more.
    """
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    rows = list(ticket.attachments.filter(internal=False))
    names = {row.pk: f"files/{n:02}-{safe(row.name)}" for n, row in enumerate(rows, start=1)}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        data = json.dumps(as_json(ticket, names, address=address), ensure_ascii=False, indent=1, default=str)
        packed.writestr("data.json", data)
        for row in rows:
            try:
                source = row.file.open("rb")
            except FileNotFoundError:
                continue
            with source, packed.open(names[row.pk], "w", force_zip64=True) as part:
                shutil.copyfileobj(source, part, 2**16)
    target.seek(0)
    return target


def safe(name: str) -> str:
    """A name that leads nowhere else when it is unpacked."""
    return _UNSAFE.sub("_", name).lstrip(". ")[-100:] or "file"


def as_json(ticket: Ticket, names: dict[int, str], *, address: bool) -> dict[str, Any]:
    case, customer = case_of(ticket), ticket.customer
    return {
        "number": ticket.number,
        "status": ticket.public_status,
        "nature": ticket.nature,
        "category": ticket.category.code if ticket.category else None,
        "channel": ticket.channel,
        "subject": ticket.subject,
        "content": ticket.content,
        "place": ticket.place,
        "region": ticket.region.full_name if ticket.region else ticket.region_text,
        "occurred_at": iso(ticket.occurred_at),
        "remedy_sought": ticket.remedy_sought,
        "received_at": iso(ticket.received_at),
        "expected_by": iso(ticket.expected_by),
        "resolved_at": iso(ticket.resolved_at),
        "round": ticket.round,
        "rating": ticket.rating or None,
        "anonymous": ticket.anonymous,
        "customer": {
            "name": customer.name,
            "phone": customer.phone,
            "email": customer.email if address else masks.email(customer.email),
            "customer_class": customer.customer_class,
            "language": customer.language,
            "consent_at": iso(customer.consent_at),
            "consent_version": customer.consent_version,
        }
        if customer
        else None,
        "messages": [
            {"at": iso(said.at), "by": said.by, "via": said.via, "text": said.text,
             "files": list(named(said.attachments, names))}
            for said in case.messages
        ],
        "complaints_about_the_handling": case.appeals,
        "steps": [{"at": iso(step.at), "what": step.text, "round": step.round} for step in case.timeline],
        "files": [
            {"name": row.name, "size": row.size, "media_type": row.media_type, "sha256": row.sha256, "as": names[row.pk]}
            for said in case.messages
            for row in said.attachments
        ],
    }  # fmt: skip


def named(rows: list[Attachment], names: dict[int, str]) -> Iterator[str]:
    return (names[row.pk] for row in rows)


def iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
