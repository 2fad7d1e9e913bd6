"""The one door for feedback (`receive`), and what a customer does afterwards with the code in hand."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import prepared
from common.remembered import looked_at_once
from feedback import services_tell as tell
from feedback.content import Content
from feedback.customers import customer_for
from feedback.models import RawMessage
from feedback.text.judging import Judgement, as_json, judge
from feedback.webhooks import telling as webhooks
from notices.models import Notice
from tickets import services as tickets
from tickets import tracking
from tickets.models import Attachment, Customer, Ticket
from tickets.workflow import Status, VoidReason


@dataclass(frozen=True)
class Receipt:
    """`tracking_code` is known only here: it is stored as a digest."""

    ticket: Ticket
    tracking_code: str


@transaction.atomic(savepoint=False)
@looked_at_once()
def receive(
    *,
    channel: str,
    raw: bytes,
    claimed_at: datetime | None,
    received_at: datetime,
    customer: Mapping[str, Any] | Customer | None,
    content: Content | Mapping[str, Any],
    attachments: Sequence[Attachment] = (),
    by: User | None = None,
    idempotency_key: str | None = None,
    message: RawMessage | None = None,
    keeping: Callable[[Receipt], prepared.Statement] | None = None,
    at: datetime,
) -> Receipt:
    """Store what came in, unchanged; then judge it, open the ticket, route it and acknowledge (A2.1 A4.1 B3.1 C3.1).

    `by` is the colleague who took it down, or the account of the app that sent it. `idempotency_key` is the source's
    own reference: the same one twice from one channel and source is an IntegrityError, after which the
    caller's own transaction can only be rolled back. `message` is its row where it was stored before (mail). `keeping` words
    the statement that keeps what the caller answers; it goes along with the case. About six queries; whatever can be is done
    before the number is taken.
    """
    if not isinstance(content, Content):
        content = Content(**content)
    named = None if content.anonymous or isinstance(customer, Customer) else customer
    judgement = judge(content, channel=channel, customer=named)
    if isinstance(customer, Customer):
        person: Customer | None = customer
    else:
        person = customer_for(
            named,
            at=at,
            trusted=by is not None,
            region=judgement.region,
            language=content.language,
            consent_version=content.consent_version,
        )
    colleagues = tell.colleagues_to_alert(judgement, at)
    code = tracking.new_code()
    told, facts = told_by(content), judged(judgement)
    found = tickets.route(
        tickets.case_of(
            nature=judgement.nature, channel=channel, category=judgement.category, region=judgement.region,
            customer=person, subject=told["subject"], content=told["content"],
        ),
        category=judgement.category, customer=person, at=at,
    )  # fmt: skip

    def along(ticket: Ticket) -> tickets.Along:
        """The raw message, and who hears of the case."""
        if message is not None:
            RawMessage.objects.filter(pk=message.pk).update(ticket=ticket, state=RawMessage.State.DONE)
            kept = []
        else:
            kept = [raw_of(raw, ticket, source=content.source, reference=idempotency_key or "")]

        def told() -> Sequence[Notice]:
            return tell.rows_of_arrival(ticket, judgement, colleagues, acknowledged=content.acknowledged, at=at)

        return tickets.Along(kept, told, lambda: [keeping(Receipt(ticket, code))] if keeping else [])

    ticket = tickets.open(
        channel=channel,
        received_at=received_at,
        claimed_at=claimed_at,
        at=at,
        by=by,
        department=found.department,
        owner=found.owner,
        because=found.because,
        attachments=attachments,
        customer=person,
        tracking_digest=tracking.digest(code),
        along=along,
        keys=found.keys,
        **told,
        **facts,
    )
    if found.waits:
        tickets.wait(ticket, found, at=at)
    webhooks.of_new(ticket)
    return Receipt(ticket, code)


def raw_of(raw: bytes, ticket: Ticket, *, source: str, reference: str) -> RawMessage:
    """What came in, as it came, beside the case that it became; unsaved."""
    return RawMessage.begun(
        channel=ticket.channel,
        source=source,
        uid=hashlib.sha256(reference.encode()).hexdigest() if reference else "",
        raw=raw,
        sha256=sha256(raw),
        received_at=ticket.received_at,
        claimed_at=ticket.claimed_at,
        ticket=ticket,
        state=RawMessage.State.DONE,
    )


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def told_by(content: Content) -> dict[str, Any]:
    """The columns of a ticket that the sender fills."""
    return {
        "subject": content.headline(),
        "content": content.text,
        "anonymous": content.anonymous,
        "place": content.place,
        "occurred_at": content.occurred_at,
        "remedy_sought": content.remedy_sought,
        "stars": content.stars,
        "source": content.source if content.external_id else "",
        "external_id": content.external_id,
        "source_url": content.source_url,
        "language": content.language,
        "parent": content.parent,
        "answered_at_once": content.answered_at_once,
    }


def judged(judgement: Judgement) -> dict[str, Any]:
    """The columns of a ticket that the judgement fills."""
    return {
        "nature": judgement.nature,
        "tier": judgement.tier,
        "category": judgement.category,
        "region": judgement.region,
        "region_text": judgement.region_text,
        "verdict": as_json(judgement.verdict),
        "needs_review": judgement.needs_review,
        "is_bad_review": judgement.is_bad_review,
    }


@transaction.atomic
def hear(
    ticket: Ticket, *, text: str, at: datetime, via: str = "web", attachments: Sequence[Attachment] = ()
) -> Receipt | None:
    """The customer says something more. On an archived case it opens a linked one, whose receipt is returned.

    Raises ActionNotAllowed on a void case.
    """
    if ticket.status != Status.CLOSED:
        tickets.customer_message(ticket, text=text, at=at, via=via, attachments=attachments)
        return None
    content = Content(
        text=text,
        nature=ticket.nature,
        category=ticket.category.code if ticket.category else "",
        region=ticket.region_id or ticket.region_text,
        anonymous=ticket.anonymous,
        language=ticket.language,
        parent=ticket,
    )
    return receive(
        channel=via, raw=text.encode(), claimed_at=None, received_at=at, customer=ticket.customer, content=content,
        attachments=attachments, at=at,
    )  # fmt: skip


def withdraw(ticket: Ticket, *, at: datetime, text: str = "") -> Ticket:
    """The customer takes it back: void, on record, counted apart. Raises ActionNotAllowed once it is answered."""
    if ticket.round > 1:
        raise tickets.ActionNotAllowed(
            _("This case was answered once and is being handled again; write to us instead.")
        )
    return tickets.void(ticket, reason=VoidReason.WITHDRAWN, by=None, at=at, text=text, by_customer=True)
