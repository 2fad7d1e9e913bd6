"""The way of a round as the page shows it: what is done, when and by whom, and where the case stands now (A4.1 B3.4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets import wording
from tickets.models import Ticket, TicketEvent
from tickets.situation import Situation
from tickets.workflow import ANSWERED, Gate, Nature, Status

Row = dict[str, Any]


def of(ticket: Ticket, events: Sequence[TicketEvent], situation: Situation) -> list[Row]:
    """The steps of this round in order, for a timeline. What an answered case was resolved without, and what a void
    one will not see any more, is left out."""
    last = {event.kind: event for event in events if event.round == ticket.round or event.kind == "register"}

    def step(label: str, *kinds: str, done: bool, at: datetime | None = None, note: str = "") -> Row:
        event = next((last[kind] for kind in kinds if kind in last), None) if done else None
        return {
            "label": label,
            "at": event.at if event else at if done else None,
            "note": wording.actor(event) if event else note,
            "state": "done" if done else "",
        }

    status, over = ticket.status, ticket.status in ANSWERED
    void = status == Status.VOID
    rows = [
        step(_("Registration"), "register", done=True, at=ticket.registered_at),
        step(_("Assignment"), "assign", "reopen", done="assign" in last if void else status != Status.NEW),
        step(
            _("Acceptance"),
            "accept",
            done="accept" in last if void else status not in {Status.NEW, Status.ASSIGNED},
        ),
        step(
            _("Answer"),
            "reply",
            "request_information",
            done=not last.keys().isdisjoint({"reply", "request_information"}),
        ),
    ]
    sheet = situation.sheet
    if ticket.nature == Nature.SUGGESTION:
        rows.append(step(_("Assessment"), "assess", done=bool(sheet and sheet.verdict)))
    if situation.worked_up:
        rows.append(step(_("Investigation"), "investigate", done=bool(sheet and sheet.facts)))
        rows.append(step(_("Plan"), "plan", done=bool(sheet and sheet.measures)))
        if ticket.customer_id:
            asked = sheet is not None and sheet.agreed is not None
            rows.append(step(_("Agreement with the customer"), "agree", done=asked))
    if situation.rule and situation.rule.gates:
        reported = sheet is not None and sheet.reports > 0 and not situation.sent_back
        passed = situation.passed or (over and reported)
        rows.append(step(_("Report of the result"), "report", done=reported, note=sent_back(situation)))
        rows.append(step(_("Review"), "approve", "report", done=passed, note=waits_at(situation)))
    rows.append(step(_("Resolution"), "resolve", done=over, at=ticket.resolved_at))
    if over or void:
        rows = [row for row in rows if row["state"]]
    if void:
        return rows
    rows.append(step(_("Archiving"), "close", done=status == Status.CLOSED, at=ticket.closed_at))
    following = next((row for row in rows if not row["state"]), None)
    if following is not None:
        following["state"] = "now"
    return rows


def sent_back(situation: Situation) -> str:
    """How often the reviews sent the result back, where it still is."""
    if not situation.sent_back or situation.sheet is None:
        return ""
    count = situation.sheet.rejections
    return ngettext("sent back %(n)s time", "sent back %(n)s times", count) % {"n": count}


def waits_at(situation: Situation) -> str:
    """The gate before which the result lies."""
    return str(Gate(situation.review.gate).label) if situation.review else ""
