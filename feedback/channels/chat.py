"""A chat that a person takes over: the customer sends the form, the conversation stands beside the case (C3.1)."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.idempotency import claim
from feedback import services
from feedback.channels.web import shown
from feedback.chat.models import Chat
from feedback.content import CONSENT_VERSION, Content
from tickets.attachments import files
from tickets.models import Attachment

_CONTACT = ("name", "phone", "email", "consent")
_STATED = ("nature", "content", "occurred_at", "region", "place", "remedy_sought", "anonymous", *_CONTACT)


@transaction.atomic
def take(
    fields: Mapping[str, Any], chat: Chat, *, uploads: Sequence[Attachment], key: str, at: datetime
) -> dict[str, Any]:
    """Hand in the form of a conversation, once; its receipt is kept, sealed, under `key` as that of the form."""
    call = claim(key=key, caller="form", path="form", body="", at=at)
    if call.answer:
        return call.answer.data
    anonymous = fields["anonymous"]
    stated: dict[str, Any] = {name: fields[name] for name in _STATED if not (anonymous and name in _CONTACT)}
    stated["conversation"] = [
        {"who": line.who, "at": line.at, "text": line.text, "article": line.article_id, "helped": line.helped}
        for line in chat.lines.all()
    ]
    receipt = services.receive(
        channel="chat",
        raw=json.dumps(stated, ensure_ascii=False, default=str).encode(),
        claimed_at=chat.started_at,
        received_at=at,
        customer=None if anonymous else {name: fields[name] for name in ("name", "phone", "email")},
        content=Content(
            text=fields["content"],
            nature=fields["nature"],
            region=fields["region"],
            place=fields["place"],
            occurred_at=fields["occurred_at"],
            remedy_sought=fields["remedy_sought"],
            anonymous=anonymous,
            language=chat.language,
            consent_version="" if anonymous else CONSENT_VERSION,
        ),
        attachments=files.unlinked([str(row.key) for row in uploads], at=at),
        at=at,
    )
    if chat.ticket_id is None:  # a conversation belongs to the first case that came of it
        Chat.objects.filter(pk=chat.pk, ticket=None).update(ticket=receipt.ticket)
    data = shown(receipt, name="" if anonymous else fields["name"], mailed=bool(fields["email"]) and not anonymous)
    call.keep(302, data)
    return data
