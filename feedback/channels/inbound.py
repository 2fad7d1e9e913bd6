"""Reviews and posts that another system hands in by its hook, or somebody by a spreadsheet (B2.1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from feedback import services
from feedback.content import Content
from feedback.models import RawMessage, Source
from feedback.sources import foreign
from tickets.archive import stay_erased
from tickets.models import Ticket

MOST_STEPS = 20  # of a path


def look_up(body: Any, path: str) -> Any:
    """What stands at `review.author.0.name`; None where nothing does."""
    found = body
    for step in path.split(".")[:MOST_STEPS]:
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, list) and step.isascii() and step.isdigit() and len(step) < 6 and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found


def mapped(body: Any, mapping: Mapping[str, str]) -> dict[str, Any]:
    return {name: look_up(body, path) for name, path in mapping.items() if name in foreign.FIELDS}


def take(source: Source, body: Any, *, raw: bytes, event_id: str, at: datetime) -> dict[str, Any]:
    """Hand in one event of a hook. What holds no text is stored and told so; what is known already adds what is new."""
    record = foreign.read(mapped(body, source.mapping), at=at)
    if "content" in record.problems:
        RawMessage.objects.create(
            channel=source.channel, source=source.code, uid=event_id, raw=raw, sha256=services.sha256(raw), received_at=at,
            state=RawMessage.State.IGNORED, reason="no_content",
        )  # fmt: skip
        return {"outcome": "ignored", "reason": "no content"}
    reference = record.content["external_id"]
    if known := known_case(source.code, reference):
        return once_more(known, record, channel=source.channel, at=at)
    if stay_erased.among(source.code, [reference]):
        return {"outcome": "ignored", "reason": "erased"}  # not even its raw body comes back
    receipt = hand_in(
        record, channel=source.channel, source=source.code, raw=raw, at=at, bad_stars=source.bad_stars, key=event_id
    )
    dropped = {"dropped": sorted(record.problems)} if record.problems else {}
    return {"outcome": "ticket", "number": receipt.ticket.number, **dropped}


def known_case(source: str, reference: str) -> Ticket | None:
    if not reference:
        return None
    found = Ticket.objects.filter(source=source, external_id=reference).select_related("merged_into").first()
    return found.merged_into or found if found else None


def once_more(ticket: Ticket, record: foreign.Record, *, channel: str, at: datetime) -> dict[str, Any]:
    """A review that was sent again is nothing new; one that was changed is a message of its customer."""
    text = record.content["text"]
    same = text == ticket.content or ticket.messages.filter(direction="in", text=text).exists()
    if same or ticket.status == "void":
        return {"outcome": "duplicate", "number": ticket.number}
    receipt = services.hear(ticket, text=text[:5000], at=at, via=channel)
    return {"outcome": "message", "number": receipt.ticket.number if receipt else ticket.number}


def hand_in(
    record: foreign.Record,
    *,
    channel: str,
    source: str,
    raw: bytes,
    at: datetime,
    bad_stars: int = 3,
    key: str | None = None,
    by: User | None = None,
) -> services.Receipt:
    return services.receive(
        channel=channel,
        raw=raw,
        claimed_at=record.said_at,
        received_at=at,
        customer={name: value for name, value in record.customer.items() if value} or None,
        content=Content(**record.content, source=source, bad_stars=bad_stars, acknowledged=False),
        idempotency_key=key,
        by=by,
        at=at,
    )


def hand_in_alone(*args: Any, **options: Any) -> services.Receipt | None:
    """The same within a savepoint; None when its reference is taken already by somebody quicker."""
    try:
        with transaction.atomic():
            return hand_in(*args, **options)
    except IntegrityError:
        return None
