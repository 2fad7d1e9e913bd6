"""The public form (C2.1)."""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.idempotency import claim, kept
from common import prepared
from common.remembered import looked_at_once
from feedback import links, services
from feedback.content import CONSENT_VERSION, Content
from tickets.attachments import files
from tickets.models import Attachment, Ticket

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,100}")
_CONTACT = ("name", "phone", "email", "consent")
_STATED = ("nature", "content", "occurred_at", "region", "place", "remedy_sought", "anonymous", *_CONTACT)


def key_of(fields: Mapping[str, Any], *, token: str = "") -> str:
    """The same form sent twice has one key; sent again with other words it is another voice. By the form's own token, unless
    another is given; a form that has none is a new one each time.
    """
    token = token or fields["token"] or secrets.token_urlsafe(24)
    stated = json.dumps([fields.get(name) for name in (*_STATED, "text")], default=str)
    if not _TOKEN.fullmatch(token):  # not one that we gave out; it stands in the address of the receipt
        token = hashlib.sha256(token.encode()).hexdigest()
    return f"{token}.{hashlib.sha256(stated.encode()).hexdigest()[:32]}"


@transaction.atomic
def take(
    fields: Mapping[str, Any], *, uploads: Sequence[Attachment], key: str, language: str, at: datetime
) -> dict[str, Any]:
    """Hand in a form and keep its receipt, sealed, under `key`; a key that was used gives the first receipt.

    Of anonymous feedback nothing that names the sender is kept.
    """
    call = claim(key=key, caller="form", path="form", body="", at=at)
    if call.answer:
        return call.answer.data
    anonymous = fields["anonymous"]
    stated = {name: fields[name] for name in _STATED if not (anonymous and name in _CONTACT)}
    content = Content(
        text=fields["content"],
        nature=fields["nature"],
        region=fields["region"],
        place=fields["place"],
        occurred_at=fields["occurred_at"],
        remedy_sought=fields["remedy_sought"],
        anonymous=anonymous,
        language=language,
        consent_version="" if anonymous else CONSENT_VERSION,
    )
    data: dict[str, Any] = {}

    def keeping(receipt: services.Receipt) -> prepared.Statement:
        name, mailed = ("", False) if anonymous else (fields["name"], bool(fields["email"]))
        data.update(shown(receipt, name=name, mailed=mailed))
        return call.keeping(302, data)

    with looked_at_once(call.settings):
        services.receive(
            channel="web",
            raw=json.dumps(stated, ensure_ascii=False, default=str).encode(),
            claimed_at=None,
            received_at=at,
            customer=None if anonymous else {name: fields[name] for name in ("name", "phone", "email")},
            content=content,
            attachments=files.unlinked([str(row.key) for row in uploads], at=at),
            keeping=keeping,
            at=at,
        )
    return data


@transaction.atomic
def hear(ticket: Ticket, text: str, *, uploads: Sequence[Attachment], key: str, at: datetime) -> dict[str, Any] | None:
    """A message from the tracking page; sent twice it is one. The receipt of a new case, if one was opened."""
    call = claim(key=key, caller="form", path="form", body="", at=at)
    if call.answer:
        return call.answer.data or None
    rows = files.unlinked([str(row.key) for row in uploads], at=at)
    receipt = services.hear(ticket, text=text, attachments=rows, at=at)
    data = shown(receipt) if receipt else {}
    call.keep(302, data)
    return data or None


def receipt_under(key: str, *, at: datetime) -> dict[str, Any] | None:
    """The receipt kept under a key; None when there is none, or no longer."""
    answer = kept(key=key, caller="form", path="form")
    return answer.data or None if answer else None


def shown(receipt: services.Receipt, *, name: str = "", mailed: bool = False) -> dict[str, Any]:
    ticket = receipt.ticket
    return {
        "number": ticket.number,
        "tracking_code": receipt.tracking_code,
        "tracking_url": links.tracking_url(receipt.tracking_code),
        "nature": ticket.nature,
        "tier": ticket.tier,
        "received_at": ticket.received_at.isoformat(),
        "expected_by": ticket.expected_by.isoformat() if ticket.expected_by else None,
        "assigned": ticket.department_id is not None,
        "anonymous": ticket.anonymous,
        "name": name,
        "mailed": mailed,
    }
