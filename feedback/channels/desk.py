"""What a colleague takes down: a call, a visit, a letter, a slip of a box, a questionnaire (A2.1 A4.2 D2)."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.idempotency import claim, kept
from accounts.models import User
from feedback import services
from feedback.channels.web import shown
from feedback.content import CONSENT_VERSION, Content
from tickets.attachments import files
from tickets.channels import AUTOMATIC, Channel
from tickets.models import Attachment

CHANNELS = tuple(channel for channel in Channel if channel not in AUTOMATIC)
_CUSTOMER = ("name", "phone", "email", "customer_class")


@transaction.atomic
def take(
    fields: Mapping[str, Any], *, uploads: Sequence[Attachment], key: str, by: User, at: datetime
) -> dict[str, Any]:
    """Register it; `by` becomes the first contact. The receipt is kept, sealed, under `key`, for `by` alone."""
    call = claim(key=key, caller=caller(by), path="register", body="", at=at)
    if call.answer:
        return call.answer.data
    anonymous = fields["anonymous"]
    person = None if anonymous else {name: fields[name] for name in _CUSTOMER}
    stated = {name: value for name, value in fields.items() if name not in ("uploads", "token")}
    if anonymous:
        stated = {name: value for name, value in stated.items() if name not in _CUSTOMER}
    receipt = services.receive(
        channel=fields["channel"],
        raw=json.dumps(stated, ensure_ascii=False, default=str).encode(),
        claimed_at=None,
        received_at=fields["received_at"],
        customer=person,
        content=Content(
            text=fields["content"],
            subject=fields["subject"],
            nature=fields["nature"],
            category=fields["category"],
            region=fields["region"] or fields["province"],
            place=fields["place"],
            occurred_at=fields["occurred_at"],
            remedy_sought=fields["remedy_sought"],
            anonymous=anonymous,
            language=fields["language"],
            consent_version=CONSENT_VERSION if fields["consent"] and not anonymous else "",
            answered_at_once=fields["answered_at_once"],
        ),
        attachments=files.unlinked([str(row.key) for row in uploads], at=at),
        by=by,
        at=at,
    )
    data = shown(receipt, name="" if anonymous else fields["name"], mailed=bool(fields["email"]) and not anonymous)
    data |= {"subject": receipt.ticket.subject, "channel": fields["channel"]}
    call.keep(302, data)
    return data


def receipt_under(key: str, *, by: User) -> dict[str, Any] | None:
    """The receipt of what this colleague registered; None for anybody else's, and after a day."""
    answer = kept(key=key, caller=caller(by), path="register")
    return answer.data or None if answer else None


def caller(by: User) -> str:
    return f"register:{by.pk}"
