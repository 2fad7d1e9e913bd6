"""A case as its customer sees it: stages, steps and messages, free of anything internal (C2.1, S-3)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.joining import former
from tickets.models import Attachment, Message, Ticket, TicketEvent
from tickets.workflow import AT_WORK, UNANSWERED, Status, VoidReason

STEPS = {
    "register": gettext_lazy("We received your feedback"),
    "assign": gettext_lazy("Given to the department in charge"),
    "accept": gettext_lazy("Somebody has taken up your case"),
    "reply": gettext_lazy("We answered you"),
    "request_information": gettext_lazy("We asked you for something"),
    "customer_message": gettext_lazy("You wrote to us"),
    "remind": gettext_lazy("The case was pressed"),
    "escalate": gettext_lazy("Raised to a higher level"),
    "promise": gettext_lazy("We told you by when we answer"),
    "decide_extension": gettext_lazy("The result takes longer; we told you why"),
    "resolve": gettext_lazy("Handled and answered"),
    "rate": gettext_lazy("You rated our answer"),
    "reopen": gettext_lazy("Taken up again, one level higher"),
    "close": gettext_lazy("Filed"),
    "void": gettext_lazy("Closed"),
    "restore": gettext_lazy("Taken up again"),
    "improvement_done": gettext_lazy("What you suggested was carried out: %(text)s"),
    "improvement_dropped": gettext_lazy("What you suggested will not be carried out after all: %(text)s"),
}
"""Events that a customer is shown, in the customer's words; all others stay inside."""
TOLD_IN_FULL = {"improvement_done", "improvement_dropped"}
"""What came of a suggestion is written for the customer, months later too (A4.3)."""
SAID_INSIDE = {("remind", False), ("escalate", False)}
"""Pushing among colleagues; the customer sees a reminder only when it was their own."""


@dataclass(frozen=True)
class Step:
    at: datetime
    kind: str
    text: str
    round: int


@dataclass(frozen=True)
class Said:
    at: datetime
    by: str  # customer or company
    via: str
    text: str
    attachments: list[Attachment] = field(default_factory=list)


@dataclass(frozen=True)
class Case:
    ticket: Ticket
    timeline: list[Step]
    messages: list[Said]
    stages: list[dict[str, Any]]
    waiting_for: Said | None
    promised_by: datetime | None = None
    longer_because: str = ""
    appeals: list[dict[str, Any]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.ticket, name)

    @property
    def can_reply(self) -> bool:
        return self.ticket.status != Status.VOID

    @property
    def can_appeal(self) -> bool:
        return self.ticket.status != Status.VOID and not any(one["open"] for one in self.appeals)

    @property
    def can_withdraw(self) -> bool:
        return self.ticket.status in UNANSWERED and self.ticket.round == 1


def case_of(ticket: Ticket) -> Case:
    """Everything the tracking page and the API show. Four queries."""
    history = list(ticket.events.in_order())
    inside = former.withheld(history)
    spoken = list(ticket.messages.exclude(direction=Message.Direction.INTERNAL).order_by("at", "pk"))
    unseen = {row.event_id for row in spoken if row.pk in inside}
    events = [event for event in history if is_shown(event) and event.pk not in unseen]
    steps = [Step(event.at, event.kind, text_of(event.kind, event.data), event.round) for event in events]
    files: dict[int | None, list[Attachment]] = {}
    for attachment in ticket.attachments.filter(internal=False):
        files.setdefault(attachment.message_id, []).append(attachment)
    said = [Said(ticket.received_at, "customer", ticket.channel, ticket.content, files.get(None, []))]
    for message in spoken:
        if message.pk in inside:
            continue
        by = "customer" if message.direction == Message.Direction.IN else "company"
        said.append(Said(message.at, by, message.via, message.text, files.get(message.pk, [])))
    asked = next((one for one in reversed(said) if one.by == "company"), None)
    return Case(
        ticket, steps, said, stages_of(ticket, steps), asked if ticket.status == Status.WAITING else None,
        promised_by=promised_by(ticket, events), longer_because=longer_because(ticket, events),
        appeals=[row.as_told() for row in ticket.appeals.all()],
    )  # fmt: skip


def is_shown(event: TicketEvent) -> bool:
    """Whether the customer is told of it."""
    said_inside = (event.kind, event.by_customer) in SAID_INSIDE
    return event.kind in STEPS and not said_inside and bool(event.data.get("granted", True))


def promised_by(ticket: Ticket, events: list[TicketEvent]) -> datetime | None:
    """Until when an answer is promised and not yet given."""
    last = None
    for event in events:
        if event.round == ticket.round and event.kind in {"promise", "reply", "resolve"}:
            last = event
    open_ = last is not None and last.kind == "promise" and ticket.status in UNANSWERED
    return datetime.fromisoformat(last.data["answer_by"]) if last and open_ else None


def longer_because(ticket: Ticket, events: list[TicketEvent]) -> str:
    """Why the result takes longer than was first said in this round (D3.2)."""
    reasons = [
        event.data["reason"] for event in events
        if event.kind == "decide_extension" and event.round == ticket.round and event.data.get("granted")
    ]  # fmt: skip
    return reasons[-1] if reasons and ticket.status in UNANSWERED else ""


def text_of(kind: str, data: dict[str, Any]) -> str:
    if kind == "void" and data.get("reason") in VoidReason.values:
        return _("Closed: %(reason)s") % {"reason": VoidReason(data["reason"]).label}
    said = str(STEPS[kind])
    return said % {"text": data.get("text", "")} if kind in TOLD_IN_FULL else said


def stages_of(ticket: Ticket, steps: list[Step]) -> list[dict[str, Any]]:
    """The five stages of this round; each with its moment once it is reached."""
    reached = {step.kind: step.at for step in steps if step.round == ticket.round}
    reached["register"] = ticket.received_at
    begun = reached.get("accept") or (reached.get("reply") if ticket.status not in {"new", "assigned"} else None)
    moments = [
        (gettext_lazy("Received"), ticket.received_at),
        (gettext_lazy("Assigned"), reached.get("assign") or reached.get("reopen")),
        (gettext_lazy("In progress"), begun),
        (gettext_lazy("Answered"), ticket.resolved_at),
        (gettext_lazy("Rated"), reached.get("rate")),
    ]
    last = max(place for place, (_label, moment) in enumerate(moments) if moment)
    if ticket.status in AT_WORK - {Status.ASSIGNED}:
        last = max(last, 2)
    open_ = ticket.status in UNANSWERED
    rows = []
    for place, (label, moment) in enumerate(moments):
        state = "done" if place < last or (place == last and not open_) else "now" if place == last else ""
        rows.append({"label": label, "at": moment, "state": state})
    return rows
