"""Talking with the customer: note, reply, ask, hear, resolve, be rated."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.remembered import looked_at_once
from tickets.answers import thanks, ways
from tickets.channels import Channel
from tickets.dispatch.services import lead
from tickets.handling import reviewing, rounds
from tickets.models import Attachment, Message, Ticket, TicketEvent
from tickets.moves import ActionNotAllowed, begin, finish
from tickets.parts.services import refuse_open_parts
from tickets.search import index as search
from tickets.services_end import reopened
from tickets.workflow import Rating, Status


@transaction.atomic
def note(
    ticket: Ticket,
    *,
    text: str,
    by: User | None,
    at: datetime,
    via: str = Channel.WEB,
    attachments: Sequence[Attachment] = (),
    version: int | None = None,
) -> Ticket:
    """An internal note; the customer never sees it. By nobody: what a mail brought that is not the customer's word."""
    ticket = begin(ticket, "note", version=version)
    event = finish(ticket, "note", by=by, at=at)
    say(
        event,
        Message.Direction.INTERNAL,
        text,
        via=via,
        attachments=attachments,
    )
    return ticket


@transaction.atomic
def reply(
    ticket: Ticket,
    *,
    text: str,
    by: User | None,
    at: datetime,
    via: str = Channel.WEB,
    automatic: bool = False,
    resolves: bool = False,
    attachments: Sequence[Attachment] = (),
    version: int | None = None,
) -> Ticket:
    """A public message to the customer (A5.1); by phone or letter it is the record of the call or letter.

    `resolves` makes it the instant reply to a simple matter: the case is resolved with it, under the rules of `resolve`.

    By a person it is a response; `automatic` ones are not. Who answers a case that nobody has accepted takes it
    (first contact, A4.2): it becomes theirs and is in progress.
    """
    ticket = begin(ticket, "reply", version=version)
    replied(ticket, text=text, by=by, at=at, via=via, automatic=automatic, attachments=attachments)
    return resolve(ticket, by=by, at=at) if resolves and by else ticket


def replied(
    ticket: Ticket,
    *,
    text: str,
    by: User | None,
    at: datetime,
    via: str,
    automatic: bool = False,
    attachments: Sequence[Attachment] = (),
) -> None:
    """Reply to a case that is locked already."""
    event = replying(ticket, text=text, by=by, at=at, via=via, automatic=automatic)
    say(event, Message.Direction.OUT, text, via=via, attachments=attachments)


def replying(
    ticket: Ticket,
    *,
    text: str,
    by: User | None,
    at: datetime,
    via: str,
    automatic: bool = False,
    more_follows: bool = False,
) -> TicketEvent:
    """The same but for the words themselves, which the caller has still to `say`."""
    response = by is not None and not automatic
    if response:
        ways.refuse_unreachable(ticket, text, via=via)
    taken = take(ticket, by=by, at=at) if response and may_take(ticket, by) else None  # type: ignore[arg-type]
    first = response and ticket.first_response_at is None
    if first:
        ticket.first_response_at = at
    data = {"via": via, "automatic": automatic, "first": first}
    return finish(
        ticket, "reply", by=by, at=at, data=data, fields=("first_response_at",), said=text, after=taken,
        more_follows=more_follows,
    )  # fmt: skip


def may_take(ticket: Ticket, by: User) -> bool:
    """Whether answering makes the case `by`'s own: nobody has accepted it, and it was dealt to nobody else."""
    return ticket.status in {Status.NEW, Status.ASSIGNED} and ticket.owner_id in {None, by.pk}


def take(ticket: Ticket, *, by: User, at: datetime) -> TicketEvent:
    """Make the case `by`'s own without dispatch; its event is told together with the answer's. A person without a
    department leaves the department as it is."""
    rounds.refuse_last_handler(ticket, by)
    if by.department and by.department_id not in ticket.departments:
        lead(ticket, by.department, owner=by, by=by, at=at)
    ticket.owner = by
    ticket.assignments.filter(role="lead", ended_at=None).update(owner=by, accepted_at=at)
    ticket.status = Status.IN_PROGRESS
    fields = ("owner", "department", "departments", "status")
    return finish(
        ticket,
        "accept",
        by=by,
        at=at,
        data={"owner": by.username, "by_answering": True},
        fields=fields,
        more_follows=True,
    )


@transaction.atomic
def request_information(
    ticket: Ticket,
    *,
    text: str,
    by: User,
    at: datetime,
    via: str = Channel.WEB,
    attachments: Sequence[Attachment] = (),
    version: int | None = None,
) -> Ticket:
    """Ask the customer; the case waits for the answer. A question is a public message by a person, so a response."""
    ticket = begin(ticket, "request_information", version=version)
    ways.refuse_unreachable(ticket, text, via=via, kind="question")
    taken = take(ticket, by=by, at=at) if may_take(ticket, by) else None
    first = ticket.first_response_at is None
    if first:
        ticket.first_response_at = at
    data = {"via": via, "first": first}
    event = finish(
        ticket,
        "request_information",
        by=by,
        at=at,
        data=data,
        fields=("first_response_at",),
        said=text,
        after=taken,
    )
    say(event, Message.Direction.OUT, text, via=via, attachments=attachments)
    return ticket


@transaction.atomic
def customer_message(
    ticket: Ticket,
    *,
    text: str,
    at: datetime,
    via: str = Channel.WEB,
    by: User | None = None,
    machine: bool = False,
    attachments: Sequence[Attachment] = (),
) -> Ticket:
    """The customer says something more. It ends waiting; on a resolved case new content reopens it.

    Thanks, and what a machine says, never reopen; nor does anything after `TICKET_REOPEN_DAYS`. `by` is the
    colleague who took it down. On an archived case raises ActionNotAllowed: the caller opens a linked ticket.
    """
    ticket = begin(ticket, "customer_message")
    new_content = not machine and not thanks.is_only_thanks(text)
    data = {"via": via, "machine": machine, "new_content": new_content}
    fields: tuple[str, ...] = ()
    if ticket.status == Status.WAITING and not machine:
        ticket.status = Status.IN_PROGRESS
        fields = ("status",)
    reopens = ticket.status == Status.RESOLVED and new_content and within_reopening(ticket, at)
    event = finish(
        ticket,
        "customer_message",
        by=by,
        at=at,
        data=data,
        fields=fields,
        by_customer=True,
        said=text,
        more_follows=reopens,
    )
    if reopens:
        reopened(ticket, reason="customer_message", by=None, at=at, by_customer=True, after=event)
    say(event, Message.Direction.IN, text, via=via, attachments=attachments)
    return ticket


def within_reopening(ticket: Ticket, at: datetime) -> bool:
    days = timedelta(days=settings.TICKET_REOPEN_DAYS)
    return ticket.resolved_at is not None and at <= ticket.resolved_at + days


@transaction.atomic
@looked_at_once()
def resolve(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    text: str = "",
    via: str = Channel.WEB,
    attachments: Sequence[Attachment] = (),
    version: int | None = None,
) -> Ticket:
    """The case is answered. `text` is sent as the reply first; without any reply in this round it is refused (A5.2)."""
    ticket = begin(ticket, "resolve", version=version)
    refuse_open_parts(ticket)
    reviewing.refuse_unreviewed(ticket)
    answer = None
    if text:
        answer = replying(ticket, text=text, by=by, at=at, via=via, more_follows=True)
    elif not answered_in(ticket.round, ticket):
        raise ActionNotAllowed(_("Answer the customer first: this round holds no reply yet."))
    ticket.resolved_at = at
    ticket.rating = ""
    if ticket.first_resolved_at is None:
        ticket.first_resolved_at = at
    finish(
        ticket,
        "resolve",
        by=by,
        at=at,
        fields=("resolved_at", "first_resolved_at", "rating"),
        after=answer,
    )
    if answer is not None:
        say(answer, Message.Direction.OUT, text, via=via, attachments=attachments)
    return ticket


def answered_in(round_: int, ticket: Ticket) -> bool:
    spoken = ticket.messages.filter(direction=Message.Direction.OUT, event__round=round_, event__kind="reply")
    return spoken.exclude(event__data__contains={"automatic": True}).exists()


@transaction.atomic
def rate(
    ticket: Ticket,
    *,
    rating: str,
    at: datetime,
    by: User | None = None,
    stars: int | None = None,
    comment: str = "",
) -> Ticket:
    """The customer's word on this round (A5.3): once, while it is resolved. Dissatisfied reopens one level up.

    `by` is the colleague who called back; never one who handled the round.
    """
    ticket = begin(ticket, "rate")
    if not ticket.can_rate:
        raise ActionNotAllowed(
            _("This case has already been rated.")
            if ticket.rating
            else _("This case is archived; it takes no more ratings.")
        )
    if by and by in rounds.handlers(ticket):
        raise ActionNotAllowed(_("Who handled a case does not ask for its rating."))
    ticket.rating = Rating(rating)
    data = {"rating": rating, "stars": stars, "comment": comment}
    again = rating == Rating.DISSATISFIED
    event = finish(ticket, "rate", by=by, at=at, data=data, fields=("rating",), by_customer=True, more_follows=again)
    if again:
        reopened(ticket, reason="dissatisfied", by=by, at=at, by_customer=True, after=event)
    return ticket


def say(
    event: TicketEvent,
    direction: str,
    text: str,
    *,
    via: str,
    attachments: Sequence[Attachment] = (),
) -> Message:
    """Store what was said with an event, its files, and what it is found by. Two to three queries."""
    message = Message.objects.create(
        ticket=event.ticket,
        event=event,
        at=event.at,
        direction=direction,
        author=event.actor,
        via=via,
        text=text,
    )
    internal = direction == Message.Direction.INTERNAL
    if attachments:
        rows = Attachment.objects.filter(pk__in=[attachment.pk for attachment in attachments], message=None)
        rows.update(ticket=event.ticket, message=message, internal=internal)
    names = " ".join(attachment.name for attachment in attachments)
    search.add(
        [
            (
                event.ticket_id,
                search.INTERNAL if internal else search.PUBLIC,
                f"{text}\n{names}",
                "",
            )
        ]
    )
    return message
