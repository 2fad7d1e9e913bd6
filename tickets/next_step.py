"""The one thing that this reader does next, in words, with its form; the other moves are folded away."""

from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from tickets import access
from tickets.handling import reviewing
from tickets.models import Ticket
from tickets.situation import Situation
from tickets.workflow import ANSWERED, MOVES, UNDER_WAY, Nature, Status, Tier


def of(ticket: Ticket, situation: Situation, moves: list[dict[str, Any]], user: User) -> dict[str, Any] | None:
    """`{"text", "moves"}`; None when nothing is left to do. Moves are those offered whose turn it is."""
    offered = {move["verb"]: move for move in moves}
    for verbs, text in turns(ticket, situation):
        found = [offered[verb] for verb in verbs if verb in offered]
        if found:
            return {"text": text, "moves": found}
    text = waits_for(ticket, situation, user)
    return {"text": text, "moves": []} if text else None


def turns(ticket: Ticket, situation: Situation) -> list[tuple[tuple[str, ...], str]]:
    """The moves whose turn it is, the most pressing first."""
    review = situation.review
    found = [
        (("approve", "reject"), reviewing.waits_for(ticket, review) if review else ""),
        (("accept_transfer", "decline_transfer"), _("This case is offered to you. Will you take it over?")),
        (("decide_extension",), _("More time is asked for. Grant it or refuse it.")),
        (("co_done",), _("Your department is asked for its part.")),
        (("accept", "return_to_dispatch"), _("Accept the case, name who works on it, or return it with a reason.")),
    ]
    if ticket.tier == Tier.L1:
        found += of_major(ticket, situation)
    if ticket.status == Status.NEW:
        found.append((("assign",), _("Give the case to the department that answers for it.")))
    if ticket.status in UNDER_WAY:
        found += of_nature(ticket, situation)
    return found


def of_major(ticket: Ticket, situation: Situation) -> list[tuple[tuple[str, ...], str]]:
    """A major case has its special group from the beginning, and its special report at the end (C3.3 A3.3)."""
    if situation.group is None:
        return [(("form_group",), _("A major case is handled by a special group: name its leader and members."))]
    if ticket.status in ANSWERED and situation.group.concluded_at is None:
        return [(("conclude_group",), _("Write the special report: what came of it, and what is to be learned."))]
    return []


def of_nature(ticket: Ticket, situation: Situation) -> list[tuple[tuple[str, ...], str]]:
    """What the nature asks for, in the order of the regulation."""
    sheet = situation.sheet
    if ticket.nature == Nature.SUGGESTION and not (sheet and sheet.verdict):
        return [(("assess",), _("Assess the suggestion and say why."))]
    if not (situation.rule and situation.rule.gates) or situation.passed:
        return []
    if situation.worked_up and not (sheet and sheet.facts):
        return [(("investigate",), _("Find out what happened, and what the customer really needs."))]
    if situation.worked_up and not (sheet and sheet.measures):
        return [(("plan",), _("Say what will be done until when."))]
    if situation.worked_up and sheet and sheet.agreed is None and ticket.customer_id:
        return [(("agree",), _("Agree on the plan with the customer."))]
    if situation.sent_back:
        return [(("report",), _("The result was sent back. Mend what is missing and report it again."))]
    return [(("report",), _("When the measures are carried out, report the result."))]


def waits_for(ticket: Ticket, situation: Situation, user: User) -> str:
    if situation.review:
        return reviewing.waits_for(ticket, situation.review)
    if ticket.status == Status.WAITING:
        return _("The case waits for the customer’s answer.")
    if ticket.status in UNDER_WAY and ticket.owner_id == user.pk:
        return _("Answer the customer below and resolve the case.")
    return ""


class Act(NamedTuple):
    """What one does next with a case, and in which part of its page; not one's own where there is only something to read."""

    label: Any
    part: str
    own: bool = True


def at_a_glance(ticket: Ticket, user: User, at: datetime, *, reviews: bool) -> Act:
    """For a row of the desk: told from what the row shows, without a query. `reviews`: a result waits at this reader's gate."""
    owns = ticket.owner_id == user.pk
    ours = ticket.owner_id is None and ticket.department_id is not None and ticket.department_id == user.department_id
    mine = owns or (ours and ticket.round == 1)  # who handled the round before is barred; the page of the case knows
    if reviews:
        return Act(_("Review"), "next")
    if ticket.status == Status.NEW and access.may(user, "assign", ticket):
        return Act(MOVES["assign"].label, "next")
    if ticket.status == Status.ASSIGNED and mine and access.may(user, "accept", ticket):
        return Act(MOVES["accept"].label, "next")
    if ticket.status == Status.IN_PROGRESS and owns and access.may(user, "reply", ticket):
        asked = ticket.nature == Nature.INQUIRY and ticket.tier != Tier.L1
        return Act(_("Answer"), "composer") if asked else Act(_("Work on it"), "next")
    late = not ticket.is_paused and ticket.next_due_at is not None and ticket.next_due_at <= at
    if late and not owns and not ours and ticket.status != Status.NEW and access.may(user, "remind", ticket):
        return Act(MOVES["remind"].label, "move-remind")
    return Act(_("Read"), "main", own=False)
