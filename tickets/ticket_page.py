"""What the page of one ticket shows, gathered in few queries."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from accounts.models import User
from tickets import access, contributions, next_step, people_shown, steps, wording
from tickets.answers import canned, ways
from tickets.attachments.files import MOST, largest
from tickets.forms import KINDS, ComposerForm, MoveForm, Offer, RevealForm
from tickets.forms_offered import FORMS
from tickets.joining import former
from tickets.models import Attachment, Message, Ticket, TicketEvent
from tickets.problems import services as services_problems
from tickets.queue import seek
from tickets.queue.listing import Listing
from tickets.situation import Situation
from tickets.workflow import MOVES, Nature

SPOKEN = {"reply", "promise", "note", "request_information", "customer_message"}
ICONS = {
    "assign": "users", "accept": "user-check", "return_to_dispatch": "undo-2", "classify": "tag", "resolve": "check",
    "reopen": "rotate-ccw", "escalate": "arrow-up", "remind": "bell", "void": "x", "restore": "undo-2",
    "promise": "calendar-clock", "wait_over": "hourglass", "extend": "hourglass", "decide_extension": "gavel",
    "close": "archive", "rate": "star", "breach": "triangle-alert", "register": "flag",
    "transfer": "arrow-right", "accept_transfer": "user-check", "decline_transfer": "undo-2", "co_assign": "users",
    "co_done": "check", "co_waive": "x", "investigate": "search", "plan": "list-checks", "agree": "handshake",
    "assess": "lightbulb", "report": "file-check", "merge": "merge", "unmerge": "undo-2", "link": "link", "linked": "link",
    "joined": "merge", "split": "split",
    "form_group": "users", "log_work": "notebook-pen", "report_situation": "megaphone", "conclude_group": "file-check",
    "improvement_done": "check", "improvement_dropped": "x",
    "change_first_contact": "user-check", "correct_customer": "user", "approve": "check", "reject": "undo-2",
}  # fmt: skip
RELATED = {"link", "linked", "joined", "split"}  # events that name another case
PLAIN = {"close"}  # verbs that ask nothing: a button is enough
DANGEROUS = {"void"}


def context(
    ticket: Ticket,
    user: User,
    at: datetime,
    *,
    where: str = "",
    bound: MoveForm | None = None,
    bound_verb: str = "",
    revealed: bool = False,
    canned_asked: str = "",
) -> dict[str, Any]:
    """`bound` is a form that was refused, of `bound_verb`; `where` is the list from which the reader came."""
    events = list(ticket.events.select_related("actor", "message", "message__author").in_order())
    situation = Situation(ticket, frozenset(event.kind for event in events if event.round == ticket.round))
    offer = Offer(situation)
    names = offer.names()
    verbs = access.allowed_verbs(user, ticket, situation)
    files = list(ticket.attachments.all())
    full = people_shown.sees_personal_data(user) or revealed
    customer = people_shown.shown(ticket.customer, full=full)
    spoken = [verb for verb in verbs if verb in KINDS]
    composer = bound if isinstance(bound, ComposerForm) else None
    if composer is None and spoken:
        begun = canned.chosen(ticket, canned_asked, offer.settings, spoken, user) if canned_asked else {}
        composer = ComposerForm(ticket=ticket, offer=offer, verbs=spoken, initial=begun)
    draft = services_problems.draft_of(ticket) if ticket.problem_id and "reply" in verbs else None
    listing = Listing.from_text(where, user=user, at=at)
    before, after = seek.neighbours(listing.tickets, listing.ordering, ticket) if where else (None, None)
    offered = moves(ticket, offer, verbs, bound, bound_verb)
    step = next_step.of(ticket, situation, offered, user)
    return {
        "ticket": ticket,
        "thread": thread(events, files, names, user, (customer or {}).get("name", "")),
        "first_files": [file for file in files if file.message_id is None and file.event_id is None],
        "files": files,
        "history": [
            {"at": event.at, "actor": wording.actor(event), "text": wording.sentence(event, names), "event": event}
            for event in reversed(events)
        ],
        "moves": [move for move in offered if not step or move not in step["moves"]],
        "open_moves": any(move["open"] for move in offered),
        "next": step,
        "sheet": situation.sheet,
        "draft": draft,
        "draft_ways": ways.offered(ticket) if draft else (),
        "may_resolve": "resolve" in verbs,
        "group": situation.group,
        "group_members": situation.group_members,
        "improvement": situation.improvement,
        "related": list(dict.fromkeys(event.data["number"] for event in events if event.kind in RELATED)),
        "review": situation.review,
        "composer": composer,
        "canned_asked": canned_asked,
        "customer": customer,
        "reveal_form": RevealForm() if people_shown.may_reveal(user) and not revealed and ticket.customer else None,
        "assignments": situation.parts,
        "offer": situation.offer,
        "steps": steps.of(ticket, events, situation),
        "panels": panels(ticket, user, at),
        "most_files": MOST,
        "largest_mb": largest() // 2**20,
        "is_complaint": ticket.nature == Nature.COMPLAINT,
        "listing": listing,
        "where": where,
        "carry": carried(where),
        "before": before,
        "after": after,
    }


def carried(where: str) -> str:
    """The tail of an address that keeps the list from which the reader came."""
    return "?" + urlencode({"in": where}) if where else ""


def thread(
    events: list[TicketEvent], files: list[Attachment], names: wording.Names, user: User, customer: object
) -> list[dict[str, Any]]:
    """Messages and what happened between them, oldest first. `customer` is the name as the reader may see it."""
    of_message: dict[int | None, list[Attachment]] = {}
    of_event: dict[int | None, list[Attachment]] = {}
    for file in files:
        of_message.setdefault(file.message_id, []).append(file)
        of_event.setdefault(file.event_id, []).append(file)
    items: list[dict[str, Any]] = []
    reached = 1
    inside = former.withheld(events)
    for event in events:
        if event.round > reached:
            reached = event.round
            items.append({"round": reached})
        message: Message | None = getattr(event, "message", None)
        if message:
            items.append(
                {
                    "message": message,
                    "event": event,
                    "actor": _("Former customer")
                    if message.pk in inside
                    else customer
                    if customer and message.direction == Message.Direction.IN
                    else wording.actor(event),
                    "inside": message.pk in inside,
                    "files": of_message.get(message.pk, []),
                    "note": wording.sentence(event, names) if event.kind != "note" else "",
                    "mine": event.actor_id == user.pk,
                }
            )
        elif event.kind not in SPOKEN and event.kind != "register":
            items.append(
                {
                    "event": event,
                    "actor": wording.actor(event),
                    "text": wording.sentence(event, names),
                    "icon": ICONS.get(event.kind, "info"),
                    "files": of_event.get(event.pk, []),
                }
            )
    return items


def moves(
    ticket: Ticket, offer: Offer, verbs: list[str], bound: MoveForm | None, bound_verb: str
) -> list[dict[str, Any]]:
    offered = []
    for verb in FORMS:
        if verb not in verbs:
            continue
        form = bound if bound is not None and verb == bound_verb else move_form(verb, ticket, offer)
        offered.append(
            {
                "verb": verb, "label": MOVES[verb].label, "form": form, "icon": ICONS[verb], "open": form is bound,
                "plain": verb in PLAIN, "files": FORMS[verb].takes_files, "danger": verb in DANGEROUS,
            }
        )  # fmt: skip
    return offered


def move_form(verb: str, ticket: Ticket, offer: Offer, data: Any = None) -> MoveForm:
    return FORMS[verb](data, ticket=ticket, offer=offer, auto_id=f"{verb}-%s")


def panels(ticket: Ticket, user: User, at: datetime) -> list[dict[str, Any]]:
    """The panels of the apps above, each with its template and its context."""
    return [
        {"template": contribution.template, "context": contribution.context(ticket, user, at)}
        for contribution in contributions.all_contributions()
        if contribution.template and contribution.context
    ]
