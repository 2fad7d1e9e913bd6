"""Calls of the hotline, told by a telephone system or written down by an agent."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.phones import phone_number
from common.text import one_line
from feedback.hotline.models import Call, CallEvent, Draft, Line
from tickets.models import Ticket

KEPT_DRAFTS = timedelta(days=7)
_is_address = URLValidator(["https", "http"])


class LineTaken(ValueError):
    """Another agent has this extension."""


def as_kept(number: str) -> str:
    """A caller's number in the form of customers' numbers; as it came where it is none (`anonymous`, 12345)."""
    try:
        return phone_number(number)
    except ValueError:
        return one_line(number)[:40]


def told(event: Mapping[str, Any], *, event_id: str, at: datetime) -> Call | None:
    """One event of the telephone system, in whatever order they come; None when its kind is unknown: it is kept all the same.

    `ringing`, `answered`, `ended` and `recording` are known. Inside a transaction; about four queries.
    """
    kind = one_line(str(event.get("event") or ""))[:40]
    ref = one_line(str(event.get("call") or ""))[:200]
    call = None
    if kind in {"ringing", "answered", "ended", "recording"} and ref:
        Call.objects.bulk_create([Call(ref=ref, rang_at=at)], ignore_conflicts=True)
        call = Call.objects.select_for_update().get(ref=ref)
        apply(call, kind, event, at)
    CallEvent.objects.create(call=call, event_id=event_id, kind=kind, body=event, at=at)
    return call


def apply(call: Call, kind: str, event: Mapping[str, Any], at: datetime) -> None:
    if event.get("direction") == "out":
        call.direction = Call.Direction.OUT
    other = event.get("to") if call.direction == Call.Direction.OUT else event.get("from")
    if other and not call.number:
        call.number = as_kept(str(other))
    if agent := agent_at(event):
        call.agent = agent
    over = call.state in {Call.State.ENDED, Call.State.MISSED}
    if kind == "answered":
        call.answered_at = call.answered_at or at
        call.state = Call.State.ENDED if over else Call.State.TALKING
        if call.number:
            returned(call.number, by=call.agent, at=at)
    elif kind == "ended":
        call.ended_at = call.ended_at or at
        missed = call.answered_at is None and call.direction == Call.Direction.IN
        call.state = Call.State.MISSED if missed else Call.State.ENDED
    address = str(event.get("recording_url") or "")[:500]
    if address:
        try:
            _is_address(address)
        except ValidationError:
            pass  # not an address that a browser may open
        else:
            call.recording_url = address
    call.save()


def agent_at(event: Mapping[str, Any]) -> User | None:
    """Who sits at the extension, or has the user name, that the event names."""
    if extension := str(event.get("extension") or "")[:20]:
        line = Line.objects.filter(number=extension).select_related("agent").first()
        if line:
            return line.agent
    name = str(event.get("agent") or "")[:150]
    return User.objects.filter(username=name, is_active=True, is_app=False).first() if name else None


def returned(number: str, *, by: User | None, at: datetime) -> int:
    """Whoever was spoken to need not be called back any more."""
    missed = Call.objects.filter(number=number, state=Call.State.MISSED, called_back_at=None)
    return missed.update(called_back_at=at, called_back_by=by)


def begin(*, number: str, by: User, at: datetime) -> Call:
    """An agent takes a call that no telephone system tells of."""
    return Call.objects.create(number=as_kept(number), agent=by, state=Call.State.TALKING, rang_at=at, answered_at=at)


@transaction.atomic
def take(call: Call, *, by: User, at: datetime) -> Call:
    """An agent opens the form for a call: from now on it is theirs. What the telephone system knows is not overwritten."""
    call = Call.objects.select_for_update().get(pk=call.pk)
    if call.agent_id is None:
        call.agent = by
        call.save(update_fields=["agent"])
    return call


@transaction.atomic
def end(call: Call, *, at: datetime) -> Call:
    """The agent hangs up by hand."""
    call = Call.objects.select_for_update().get(pk=call.pk)
    if call.ended_at is None:
        call.ended_at, call.state = at, Call.State.ENDED
        call.answered_at = call.answered_at or call.rang_at
        call.save(update_fields=["ended_at", "state", "answered_at"])
    return call


def tried(call: Call, *, reached: bool, by: User, at: datetime) -> None:
    """Somebody called back, and reached the caller or not."""
    with transaction.atomic():
        call = Call.objects.select_for_update().get(pk=call.pk)
        call.tries, call.tried_at = min(call.tries + 1, 99), at
        if reached:
            call.called_back_at, call.called_back_by = at, by
        call.save(update_fields=["tries", "tried_at", "called_back_at", "called_back_by"])


def join(call: Call, ticket: Ticket, *, number: str) -> None:
    """The ticket that came of a call; in the caller's transaction. A second one leaves the recording with the first."""
    call = Call.objects.select_for_update().get(pk=call.pk)
    call.ticket = call.ticket or ticket
    if number and not call.number:
        call.number = number
    call.save(update_fields=["ticket", "number"])


def sit_at(*, number: str, by: User) -> None:
    """The agent's extension; an empty one ends it. Raises LineTaken."""
    number = one_line(number)[:20]
    if not number:
        Line.objects.filter(agent=by).delete()
        return
    try:
        with transaction.atomic():
            Line.objects.update_or_create(agent=by, defaults={"number": number})
    except IntegrityError:
        raise LineTaken(_("A colleague has this extension.")) from None


def keep_draft(*, name: str, values: Mapping[str, str], by: User, at: datetime) -> None:
    Draft.objects.update_or_create(by=by, name=name, defaults={"values": dict(values), "saved_at": at})


def drop_draft(*, name: str, by: User) -> None:
    Draft.objects.filter(by=by, name=name).delete()


def forget_drafts(*, before: datetime) -> int:
    return Draft.objects.filter(saved_at__lt=before).delete()[0]
