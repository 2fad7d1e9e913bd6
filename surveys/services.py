"""Follow-ups: planned when a round is resolved, sent, reminded, answered, or given up (A5.3 C5.1 D4).

The answer is a move of the ticket (`tickets.rate`); this app records it from the event, so that an answer by link, on
the tracking page, by a call-back, by the API or from imported history takes the same way.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.models import User
from common import wording
from common.copying import copy_rows
from common.text import without_links
from notices import services as notices
from notices import services_sms
from notices.models import Notice
from surveys import links
from surveys.models import FollowUp
from tickets import services as tickets
from tickets.models import Ticket, TicketEvent
from tickets.workflow import Rating, Status, rating_of_stars

Mode, State = FollowUp.Mode, FollowUp.State
INVITATION = "follow_up"
APART = timedelta(hours=20)
"""Between two tries to call somebody back: on several days, at another hour if one likes."""


class AnswerRefused(Exception):
    """The question can no longer be answered; the message says why, for the customer."""


def follow(events: Sequence[TicketEvent]) -> None:
    """Take note of what happened to tickets. At most four queries, none when nothing concerns surveys."""
    plan([event for event in events if event.kind == "resolve" and not event.data.get("imported")])
    rated = [event for event in events if event.kind == "rate"]
    record([event for event in rated if not event.data.get("imported")])
    record_past([event for event in rated if event.data.get("imported")])
    cancel([event for event in events if ends(event) and not event.data.get("imported")])
    for event in events:
        if event.kind == "correct_customer":
            ask_anew(event)


def plan(resolved: Sequence[TicketEvent]) -> None:
    """One follow-up a round: a link by mail or short message, a call-back when only a telephone that takes none is
    known, else the tracking page asks.
    """
    delay, patience = timedelta(hours=settings.SURVEY_DELAY_HOURS), timedelta(days=settings.SURVEY_PATIENCE_DAYS)
    rows = [
        FollowUp(
            ticket=event.ticket,
            round=event.round,
            mode=mode_for(event.ticket),
            planned_at=event.at,
            send_at=event.at + delay,
            expires_at=event.at + delay + patience,
        )
        for event in resolved
    ]
    if rows:
        FollowUp.objects.bulk_create(rows, ignore_conflicts=True)


def mode_for(ticket: Ticket) -> FollowUp.Mode:
    customer = ticket.customer
    if customer and (customer.email or services_sms.reaches(customer.phone, INVITATION)):
        return Mode.LINK
    return Mode.CALL if customer and customer.phone else Mode.PAGE


def record(rated: Sequence[TicketEvent]) -> None:
    """Store answers; a round about which nobody asked (imported cases, or asked elsewhere) gets its row now."""
    rows = [
        FollowUp(
            ticket=event.ticket,
            round=event.round,
            mode=Mode.CALL if event.actor_id else Mode.PAGE,
            state=State.ANSWERED,
            planned_at=event.at,
            send_at=event.at,
            expires_at=event.at,
            answered_at=event.at,
            rating=event.data["rating"],
            stars=event.data.get("stars"),
            comment=event.data.get("comment") or "",
            asked_by=event.actor,
        )
        for event in rated
    ]
    if rows:
        FollowUp.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["ticket", "round"],
            update_fields=["state", "answered_at", "rating", "stars", "comment", "asked_by"],
        )
    unasked = [event.ticket_id for event in rated if event.actor_id is None and mode_for(event.ticket) == Mode.CALL]
    if unasked:  # a call was planned, but the customer came to the tracking page first
        FollowUp.objects.filter(ticket__in=unasked, mode=Mode.CALL, state=State.ANSWERED, asked_by=None).update(
            mode=Mode.PAGE
        )


def record_past(rated: Sequence[TicketEvent]) -> None:
    """Answers of imported cases, which have no follow-up yet. One statement."""
    names = ["planned_at", "send_at", "expires_at", "answered_at"]
    rows = [
        (event.ticket_id, event.round, Mode.PAGE, State.ANSWERED, event.data["rating"], *[event.at] * len(names))
        for event in rated
    ]
    copy_rows(FollowUp, ["ticket_id", "round", "mode", "state", "rating", *names], rows)


def ends(event: TicketEvent) -> bool:
    """Whether nobody is asked any more after it. The nightly closing archives only cases that nobody is asked about."""
    return event.kind in {"reopen", "void"} or (event.kind == "close" and event.actor_id is not None)


def cancel(ended: Sequence[TicketEvent]) -> None:
    """A round that began anew, a void case, or one that a person archived before, is not asked about any more. Of an
    archived case the tracking page still takes an answer. At most one statement."""
    closed = [event.ticket_id for event in ended if event.kind == "close"]
    others = [event.ticket_id for event in ended if event.kind != "close"]
    if ended:
        asked = FollowUp.objects.open().filter(Q(ticket__in=others) | Q(ticket__in=closed) & ~Q(mode=Mode.PAGE))
        asked.update(state=State.CANCELLED)


def given_up_of(cases: Iterable[Ticket]) -> set[int]:
    """Keys of the cases whose customer was asked about the present round and not reached."""
    rows = FollowUp.objects.by_us().filter(state=State.NOT_REACHED, ticket__in=[case.pk for case in cases])
    return set(rows.filter(round=F("ticket__round")).values_list("ticket_id", flat=True))


def ask_anew(corrected: TicketEvent) -> None:
    """The case was somebody else's: the right customer is asked, in their own way. One statement."""
    FollowUp.objects.open().filter(ticket=corrected.ticket_id).update(
        mode=mode_for(corrected.ticket), state=State.PLANNED, send_at=corrected.at, sent_at=None, reminders=0
    )


def answer(
    ticket: Ticket,
    *,
    at: datetime,
    rating: str = "",
    stars: int | None = None,
    comment: str = "",
    by: User | None = None,
) -> Ticket:
    """The customer's answer on the current round, as a rating or as stars (1 to 5). `by` is the colleague who called back.

    Raises AnswerRefused when it is too late or given already; ValueError when neither or nonsense is given.
    """
    value = rating_of_stars(stars) if stars is not None else Rating(rating)
    if ticket.status != Status.RESOLVED:
        raise AnswerRefused(
            _("There is nothing to rate at the moment: this case is not resolved, or already archived.")
        )
    try:
        return tickets.rate(ticket, rating=value, stars=stars, comment=comment, at=at, by=by)
    except tickets.ActionNotAllowed as refusal:
        raise AnswerRefused(str(refusal)) from None


def send_due(at: datetime, *, batch: int = 200) -> int:
    """Send invitations and reminders that are due, give up what nobody answered. Returns how many were sent."""
    sent = 0
    while chunk := send_batch(at, batch):
        sent += chunk
    give_up(at)
    return sent


@transaction.atomic
def send_batch(at: datetime, size: int) -> int:
    due = FollowUp.objects.to_send(at).exclude(expires_at__lte=at)
    rows = list(due.select_for_update(skip_locked=True, of=("self",)).select_related("ticket__customer")[:size])
    messages: list[Notice] = []
    for follow_up in rows:
        if follow_up.state == State.SENT:
            follow_up.reminders += 1
        asked = invitation(follow_up, at=at)
        if not asked:  # the address is gone, or the operator took its approval back: a colleague calls
            customer = follow_up.ticket.customer
            follow_up.mode = Mode.CALL if customer and customer.phone else Mode.PAGE
            continue
        messages += asked
        follow_up.sent_at = follow_up.sent_at or at
        follow_up.state = State.SENT
        last = follow_up.reminders >= settings.SURVEY_REMINDERS
        follow_up.send_at = follow_up.expires_at if last else at + timedelta(days=settings.SURVEY_REMIND_DAYS)
    notices.add(messages)
    FollowUp.objects.bulk_update(rows, ["mode", "reminders", "sent_at", "state", "send_at"])
    return len(rows)


def invitation(follow_up: FollowUp, *, at: datetime) -> list[Notice]:
    """The question, by mail, else by short message; none when neither can reach the customer any more."""
    ticket, customer = follow_up.ticket, follow_up.ticket.customer
    common: dict[str, Any] = {
        "key": f"follow_up:{follow_up.pk}:{follow_up.reminders}",
        "at": at,
        "language": ticket.language,
        "topic": ticket.number or "",
        "context": {
            "subject": without_links(ticket.subject),
            "url": links.url(follow_up.pk, ticket.customer_id),
            "reminder": follow_up.state == State.SENT,
        },
    }
    if customer is None:
        return []
    if customer.email:
        return notices.to_address(customer.email, INVITATION, **common)
    if services_sms.reaches(customer.phone, INVITATION):
        return services_sms.to_phone(customer.phone, INVITATION, **common)
    return []


def give_up(at: datetime) -> int:
    """No answer after the reminders: not reached, counted apart."""
    return FollowUp.objects.expired(at).update(state=State.NOT_REACHED)


@transaction.atomic
def not_reached(follow_up: FollowUp, *, by: User, at: datetime) -> FollowUp:
    """A call-back that found nobody: tried again later, given up after `SURVEY_REMINDERS` more tries.

    Raises AnswerRefused less than `APART` after the last try: nobody gives a customer up with three clicks in a row.
    """
    follow_up = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    tried_at = follow_up.send_at - timedelta(days=settings.SURVEY_REMIND_DAYS)
    if follow_up.reminders and at < tried_at + APART:
        raise AnswerRefused(
            _("The next try is due on %(at)s. What the customer says until then can be entered at any time.")
            % {"at": wording.moment(follow_up.send_at)}
        )
    follow_up.reminders += 1
    follow_up.asked_by, follow_up.sent_at = by, follow_up.sent_at or at
    follow_up.send_at = at + timedelta(days=settings.SURVEY_REMIND_DAYS)
    gone = follow_up.reminders > settings.SURVEY_REMINDERS
    follow_up.state = State.NOT_REACHED if gone else State.SENT
    follow_up.save(update_fields=["reminders", "asked_by", "sent_at", "send_at", "state"])
    return follow_up
