"""The gates of a result (B3.4): approve, reject. Decided by others than who handled the case; the first decides."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.handling import reviewing
from tickets.models import Handling, Review, Ticket
from tickets.moves import ActionNotAllowed, begin, finish
from tickets.workflow import Gate, RejectReason, Status

Decision = Review.Decision


@transaction.atomic
def approve(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    text: str = "",
    called: str = "",
    gate: str = "",
    version: int | None = None,
) -> Ticket:
    """The result passes a gate. `called` is the record of the call-back, where the rule asks for one; `gate` is the
    one that the caller saw. After the last gate the customer may be answered."""
    ticket, review, following = begin_review(ticket, "approve", gate=gate, by=by, version=version)
    if review.call_back and not called:
        raise ActionNotAllowed(_("Call the customer back first and write down what they said."))
    decide(ticket, review, Decision.APPROVED, by=by, at=at, text=text, called=called)
    following = following or reviewing.further_gate(ticket, review, at)
    if following is None:
        ticket.status = Status.IN_PROGRESS
    data = {"gate": review.gate, "text": text, "called": called, "passed": following is None}
    data["stood_in"] = review.stood_in
    data["next"] = following.gate if following else None
    finish(ticket, "approve", by=by, at=at, data=data, fields=("status",))
    return ticket


@transaction.atomic
def reject(
    ticket: Ticket, *, reason: str, text: str, by: User, at: datetime, gate: str = "", version: int | None = None
) -> Ticket:
    """Back to the department, with a reason from `RejectReason` and what is missing; counted."""
    ticket, review, _following = begin_review(ticket, "reject", gate=gate, by=by, version=version)
    decide(ticket, review, Decision.REJECTED, by=by, at=at, text=text, reason=RejectReason(reason))
    reviewing.lapse(ticket, at)
    Handling.objects.filter(ticket=ticket, round=ticket.round).update(rejections=F("rejections") + 1)
    data = {"gate": review.gate, "reason": reason, "text": text, "count": review.rejected + 1}  # type: ignore[attr-defined]
    data["stood_in"] = review.stood_in
    finish(ticket, "reject", by=by, at=at, data=data)
    return ticket


def begin_review(
    ticket: Ticket, verb: str, *, gate: str, by: User, version: int | None
) -> tuple[Ticket, Review, Review | None]:
    """`begin`, with the gate that is open and the one that follows; who comes second is told who was first."""
    try:
        ticket = begin(ticket, verb, version=version)
        review, following, *_others = [*reviewing.open_reviews(ticket), None, None]
    except ActionNotAllowed:
        refuse_decided(ticket, gate)
        raise
    if review is None:
        raise ActionNotAllowed(_("No result waits for a review."))
    if gate and gate != review.gate:
        refuse_decided(ticket, gate)
        raise ActionNotAllowed(reviewing.waits_for(ticket, review))
    if words := reviewing.why_not(ticket, review, by):
        raise ActionNotAllowed(words)
    return ticket, review, following


def refuse_decided(ticket: Ticket, gate: str) -> None:
    decided = ticket.reviews.exclude(decided_by=None).order_by("-decided_at", "-pk")
    if gate:
        decided = decided.filter(gate=gate)
    last = decided.select_related("decided_by").first()
    if last:
        raise ActionNotAllowed(_("%(person)s has already decided this review.") % {"person": last.decided_by})


def decide(
    ticket: Ticket,
    review: Review,
    decision: str,
    *,
    by: User,
    at: datetime,
    text: str,
    called: str = "",
    reason: str = "",
) -> None:
    review.decision, review.decided_by, review.decided_at = decision, by, at
    review.text, review.called, review.reason = text, called, reason
    review.stood_in = review.gate == Gate.HEAD and not reviewing.heads(by, ticket.department)
    review.save(update_fields=["decision", "decided_by", "decided_at", "text", "called", "reason", "stood_in"])
