"""History in words: an event's codes become a sentence in the reader's language. No query."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.wording import moment
from tickets.channels import way_out
from tickets.models import Ticket, TicketEvent
from tickets.workflow import MOVES, Level, Nature, Rating, ReturnReason, Tier, VoidReason


@dataclass(frozen=True)
class Names:
    """What codes are called: departments and categories by code, people by user name."""

    departments: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    causes: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)

    def department(self, code: str | None) -> str:
        return self.departments.get(code or "", code or "")

    def person(self, username: str | None) -> str:
        return self.people.get(username or "", username or "")


CLOSE_REASONS = {
    "quiet": gettext_lazy("the quiet period passed"),
    "rated": gettext_lazy("the customer gave a rating"),
    "not_reached": gettext_lazy("the customer was not reached"),
    "person": gettext_lazy("by hand"),
}
REOPEN_REASONS = {
    "dissatisfied": gettext_lazy("the customer is dissatisfied"),
    "customer_message": gettext_lazy("the customer wrote again"),
    "imported": gettext_lazy("taken over from another system"),
}
FIELDS = {
    "nature": gettext_lazy("nature"),
    "category": gettext_lazy("category"),
    "tier": gettext_lazy("tier"),
    "scope": gettext_lazy("scope"),
    "region": gettext_lazy("region"),
    "needs_review": gettext_lazy("manual review"),
    "problem": gettext_lazy("problem"),
}
TAKING = {"accept", "accept_transfer"}
CHOICES: dict[str, Any] = {"nature": Nature, "tier": Tier, "scope": Ticket.Scope}


def sentence(event: TicketEvent, names: Names) -> str:
    """What happened, without who and when, which stand beside it."""
    write = _SENTENCES.get(event.kind)
    if write:
        return write(without_doer(event), names)
    move = MOVES.get(event.kind)
    return str(move.label) if move else event.kind


def without_doer(event: TicketEvent) -> dict[str, Any]:
    """The event's data; who took a case themselves stands beside the sentence and need not be named in it again."""
    data: dict[str, Any] = event.data
    took = event.kind in TAKING and event.actor is not None and event.actor.username == data.get("owner")
    return data | {"owner": None} if took else data


def actor(event: TicketEvent) -> str:
    if event.by_customer and event.actor is None:
        return _("Customer")
    return str(event.actor) if event.actor else _("The system")


def label(choices: Any, value: str | None) -> str:
    return str(choices(value).label) if value in choices.values else str(value or "")


def _with_text(said: str, data: dict[str, Any]) -> str:
    text = str(data.get("text") or "").strip()
    return _("%(said)s: %(text)s") % {"said": said, "text": text} if text else said


def bracketed(said: str, text: Any) -> str:
    """What somebody added to a sentence that has its colon already."""
    added = str(text or "").strip().rstrip("。.；;")
    return _("%(said)s (%(text)s)") % {"said": said, "text": added} if added else said


def _accepted(data: dict[str, Any], names: Names) -> str:
    if not data.get("owner"):
        return _("Took the case by answering") if data.get("by_answering") else _("Accepted")
    who = {"person": names.person(data["owner"])}
    return (
        _("%(person)s took the case by answering") % who
        if data.get("by_answering")
        else _("Accepted; owner: %(person)s") % who
    )


def _classified(data: dict[str, Any], names: Names) -> str:
    changes = [
        _("%(field)s: %(old)s → %(new)s")
        % {"field": FIELDS.get(name, name), "old": _value(name, old, names), "new": _value(name, new, names)}
        for name, (old, new) in sorted((data.get("changes") or {}).items())
    ]
    return (
        _("Classified: %(changes)s") % {"changes": _("; ").join(changes)} if changes else _("Classification confirmed")
    )


def _value(name: str, value: Any, names: Names) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in CHOICES:
        return label(CHOICES[name], value)
    return names.categories.get(value, str(value)) if name == "category" else str(value)


def _reopened(data: dict[str, Any], names: Names) -> str:
    reason = str(data.get("reason") or "")
    words = {"reason": REOPEN_REASONS.get(reason, reason), "department": receiver(data, names)}
    if data.get("level") in Level.values:
        words["level"] = label(Level, data["level"])
        return _("Handled again: %(reason)s. Raised to the %(level)s: %(department)s") % words
    return _("Reopened: %(reason)s. Next: %(department)s") % words


def receiver(data: dict[str, Any], names: Names) -> str:
    """A department, with the person where one is named: “After-sales (Gao Yuan)”."""
    department, person = names.department(data.get("department")), names.person(data.get("owner"))
    return _("%(department)s (%(person)s)") % {"department": department, "person": person} if person else department


def _escalated(data: dict[str, Any], names: Names) -> str:
    levels = data.get("level")
    level = levels[-1] if isinstance(levels, list) and levels else levels
    reason = str(data.get("reason") or "")
    said = _("Escalated to: %(level)s") % {"level": label(Level, level)}
    reason = str(_("a limit was missed")) if reason == "breach" else reason
    return bracketed(said, " ".join(part for part in (reason, str(data.get("text") or "")) if part))


def _rated(data: dict[str, Any], names: Names) -> str:
    said = _("Rated: %(rating)s") % {"rating": label(Rating, data.get("rating"))}
    return bracketed(said, data.get("comment"))


def _returned(data: dict[str, Any], names: Names) -> str:
    said = _("Returned by %(department)s (no. %(count)s): %(reason)s") % {
        "department": names.department(data.get("department")),
        "count": data.get("count", 1),
        "reason": label(ReturnReason, data.get("reason")),
    }
    return bracketed(said, data.get("text"))


def _replied(data: dict[str, Any], names: Names) -> str:
    via = {"via": way_out(data.get("via", ""))}
    if data.get("automatic"):
        return _("Automatic answer (%(via)s)") % via
    return _("First response (%(via)s)") % via if data.get("first") else _("Reply (%(via)s)") % via


def _moment(text: Any) -> str:
    return moment(datetime.fromisoformat(text)) if text else ""


def _extension_asked(data: dict[str, Any], names: Names) -> str:
    said = _("Asked for more time until %(at)s") % {"at": _moment(data.get("new_due"))}
    return _with_text(said, {"text": data.get("reason")})


def _extension_decided(data: dict[str, Any], names: Names) -> str:
    at = {"at": _moment(data.get("new_due")), "before": _moment(data.get("due_before"))}
    granted = _("More time granted: due %(at)s instead of %(before)s") % at
    said = granted if data.get("granted") else _("More time until %(at)s refused") % at
    opinion = str(data.get("text") or "").strip()
    return _("%(said)s; opinion: %(text)s") % {"said": said, "text": opinion} if opinion else said


_SENTENCES: dict[str, Callable[[dict[str, Any], Names], str]] = {
    "register": lambda data, names: _("Registered"),
    "accept": _accepted,
    "classify": _classified,
    "return_to_dispatch": _returned,
    "note": lambda data, names: _("Internal note"),
    "reply": _replied,
    "request_information": lambda data, names: _("Asked the customer; the case waits for the answer"),
    "customer_message": lambda data, names: _("Message from the customer"),
    "rate": _rated,
    "extend": _extension_asked,
    "decide_extension": _extension_decided,
    "wait_over": lambda data, names: _("The customer did not answer in time; the case goes on"),
    "promise": lambda data, names: (
        _("Promised an answer by %(at)s, %(via)s")
        % {"at": _moment(data.get("answer_by")), "via": way_out(data.get("via", ""))}
    ),
    "remind": lambda data, names: _with_text(_("Reminded"), data),
    "escalate": _escalated,
    "resolve": lambda data, names: _("Resolved"),
    "close": lambda data, names: (
        _("Archived: %(reason)s") % {"reason": CLOSE_REASONS.get(data.get("reason", ""), data.get("reason", ""))}
    ),
    "reopen": _reopened,
    "void": lambda data, names: bracketed(
        _("Declared void: %(reason)s") % {"reason": label(VoidReason, data.get("reason"))}, data.get("text")
    ),
    "restore": lambda data, names: _with_text(_("Restored"), {"text": data.get("reason")}),
    "group": lambda data, names: (
        _("Belongs to the common problem “%(title)s”") % {"title": data.get("title", "")}
        if data.get("problem")
        else _("No longer belongs to a common problem")
    ),
    "breach": lambda data, names: _("Limit missed: %(metric)s") % {"metric": data.get("metric", "")},
}


def register_sentence(kind: str, write: Callable[[dict[str, Any], Names], str]) -> None:
    """An app above words its own kind of event, or words one better (sla: which limit was missed)."""
    _SENTENCES[kind] = write
