"""More time: an extension, asked for in time and decided by somebody else (D3.2); a promised answer (A4.3)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.answers import ways
from tickets.answers.services import may_take, say, take
from tickets.channels import Channel
from tickets.models import Message, Ticket
from tickets.more_time.extensions import open_request
from tickets.moves import ActionNotAllowed, begin, finish
from tickets.workflow import Nature

LONGEST = timedelta(days=366)


@transaction.atomic
def extend(
    ticket: Ticket, *, new_due: datetime, reason: str, by: User, at: datetime, version: int | None = None
) -> Ticket:
    """Ask for more time for the result, before it is due. The head or the office decides; until then nothing moves."""
    ticket = begin(ticket, "extend", version=version)
    due = due_of(ticket, at)
    if open_request(ticket):
        raise ActionNotAllowed(_("More time was asked for already; the decision is not made yet."))
    refuse_useless(new_due, due, at)
    data = {"new_due": new_due.isoformat(), "due_before": due.isoformat(), "reason": reason}
    finish(ticket, "extend", by=by, at=at, data=data)
    return ticket


@transaction.atomic
def decide_extension(
    ticket: Ticket, *, granted: bool, by: User, at: datetime, text: str = "", version: int | None = None
) -> Ticket:
    """Grant or refuse the time that was asked for. Granted: the limit moves and the customer is told, with the reason.

    Not by the person who asked, and not granted any more once the limit was missed: late stays late.
    """
    ticket = begin(ticket, "decide_extension", version=version)
    request = open_request(ticket)
    if request is None:
        raise ActionNotAllowed(_("Nobody has asked for more time."))
    if request.actor_id == by.pk:
        raise ActionNotAllowed(_("Who asks for more time does not decide on it."))
    if granted and ticket.owner_id == by.pk:
        raise ActionNotAllowed(_("Who handles the case does not give themselves more time, whoever asked for it."))
    asked: dict[str, Any] = request.data
    data = asked | {"granted": granted, "text": text, "asked_by": request.actor.username if request.actor else None}
    if granted:
        due = due_of(ticket, at)
        refuse_useless(datetime.fromisoformat(asked["new_due"]), due, at)
        data["due_before"] = due.isoformat()
    finish(ticket, "decide_extension", by=by, at=at, data=data)
    return ticket


def due_of(ticket: Ticket, at: datetime) -> datetime:
    """When the result is due, as long as that can still move."""
    if ticket.expected_by is None:
        raise ActionNotAllowed(_("This case has no limit for its result."))
    if at > ticket.expected_by:
        raise ActionNotAllowed(_("The due time has passed. More time can only be given before it; late stays late."))
    return ticket.expected_by


def refuse_useless(new_due: datetime, due: datetime, at: datetime) -> None:
    if new_due <= due:
        raise ActionNotAllowed(_("The new due time must be later than the present one."))
    if new_due > at + LONGEST:
        raise ActionNotAllowed(_("More than a year cannot be asked for."))


@transaction.atomic
def promise(
    ticket: Ticket,
    *,
    answer_by: datetime,
    message: str,
    by: User,
    at: datetime,
    via: str = Channel.WEB,
    version: int | None = None,
) -> Ticket:
    """An inquiry cannot be answered at once: tell the customer by when (A4.3). A public message by a person, so a
    response; the promised time becomes a limit of its own, and a later promise takes the place of an earlier one.
    """
    ticket = begin(ticket, "promise", version=version)
    if ticket.nature != Nature.INQUIRY:
        raise ActionNotAllowed(_("Only an inquiry is promised an answer. Ask for more time instead."))
    if answer_by <= at:
        raise ActionNotAllowed(_("The promised time must lie ahead."))
    if ticket.expected_by is not None and answer_by > max(ticket.expected_by, at):
        raise ActionNotAllowed(
            _("The answer is due before the promised time. Promise an earlier one, or get more time.")
        )
    ways.refuse_unreachable(ticket, message, via=via, kind="promised")
    taken = take(ticket, by=by, at=at) if may_take(ticket, by) else None
    first = ticket.first_response_at is None
    if first:
        ticket.first_response_at = at
    data = {"answer_by": answer_by.isoformat(), "via": via, "first": first}
    event = finish(ticket, "promise", by=by, at=at, data=data, fields=("first_response_at",), said=message, after=taken)
    say(event, Message.Direction.OUT, message, via=via)
    return ticket
