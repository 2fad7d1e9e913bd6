"""The REST API: a company's own app, its web shop, another system (C2.2)."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from common import prepared
from feedback import services
from feedback.content import CONSENT_VERSION, Content
from tickets.attachments import files
from tickets.models import Ticket

OWN_SYSTEMS = {"external_id", "customer_class"}


def take(
    fields: Mapping[str, Any],
    *,
    raw: bytes,
    by: User | None,
    caller: str,
    language: str,
    keeping: Callable[[services.Receipt], prepared.Statement] | None = None,
    at: datetime,
) -> services.Receipt:
    """Hand in what the API received. `caller` names the app: references are unique within it; `keeping` words what keeps the
    answer (`services.receive`). Raises FileRefused. The transaction is the caller's; after an error it can only be rolled back.

    Of anonymous feedback nothing that names the sender is kept, the raw body included.
    """
    source = fields["source"] or {}
    anonymous = fields["anonymous"]
    if anonymous:  # what we do not know may name the sender too
        known = {name: value for name, value in json.loads(raw).items() if name in fields and name != "customer"}
        raw = json.dumps(known | ({"source": dict(source)} if source else {}), ensure_ascii=False).encode()
    reference = source.get("ref", "")
    home = "" if anonymous else (fields["customer"] or {}).get("region", "")
    content = Content(
        text=fields["content"],
        subject=fields["subject"] or "",
        nature=fields.get("nature") or "",
        category=fields["category"] or "",
        region=fields["region"] or home,
        place=fields["place"] or "",
        occurred_at=fields["occurred_at"],
        remedy_sought=fields["remedy_sought"] or "",
        stars=fields["rating"],
        anonymous=anonymous,
        language=language,
        consent_version=CONSENT_VERSION if fields["consent"] and not anonymous else "",
        source=free_source(caller, reference),
        external_id=reference,
        source_url=source.get("url", ""),
    )
    return services.receive(
        channel=fields["channel"],
        raw=raw,
        claimed_at=fields["claimed_at"],
        received_at=at,
        customer=None if anonymous else claimed(fields["customer"], by),
        content=content,
        attachments=files.unlinked(map(str, fields["attachments"] or []), at=at),
        by=by,
        keeping=keeping,
        at=at,
    )


def claimed(customer: Mapping[str, Any] | None, by: User | None) -> dict[str, Any] | None:
    """What the caller says of the customer. Only the company's own systems say under which number they know them, and of
    which class they are: a stranger who named another's number beforehand would get that person's mail later, and
    one who called themselves important would be served first (S-9). The raw body keeps what was claimed.
    """
    if customer is None or by is not None:
        return dict(customer) if customer is not None else None
    return {name: value for name, value in customer.items() if name not in OWN_SYSTEMS}


def free_source(caller: str, reference: str) -> str:
    """The caller's name; with a mark behind it when it used this reference before: each voice stays a case."""
    name = caller[:80]
    if not reference:
        return name
    used = Ticket.objects.filter(source__startswith=name, external_id=reference).count()
    return f"{name}+{used}" if used else name


@transaction.atomic
def hear(ticket: Ticket, fields: Mapping[str, Any], *, at: datetime) -> services.Receipt | None:
    uploads = files.unlinked(map(str, fields["attachments"] or []), at=at)
    return services.hear(ticket, text=fields["text"], attachments=uploads, at=at, via="app")
