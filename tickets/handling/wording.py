"""Sentences of the history about handling and review."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from common import wording as common_wording
from tickets.handling.models import gate_label
from tickets.wording import Names, bracketed, label, register_sentence
from tickets.workflow import Gate, RejectReason, Remedy, Verdict


def joined(*parts: tuple[str, Any]) -> str:
    """The parts that say something, each with its label."""
    said = [_("%(label)s: %(text)s") % {"label": name, "text": bare(value)} for name, value in parts if value]
    return _("; ").join(said)


def bare(value: Any) -> str:
    """Without the full stop at its end: more follows in the sentence."""
    return str(value).strip().rstrip("。.；;")


def _investigated(data: dict[str, Any], names: Names) -> str:
    cause = data.get("cause")
    return joined(
        (_("Investigated"), data.get("facts")),
        (_("Cause"), names.causes.get(cause, cause) if cause else ""),
        (_("What the customer really needs"), data.get("true_need")),
    )


def _planned(data: dict[str, Any], names: Names) -> str:
    limit = data.get("limit")
    return joined(
        (_("Plan"), data.get("measures")),
        (_("Expected goal"), data.get("goal")),
        (_("To be done by"), common_wording.moment(datetime.fromisoformat(limit)) if limit else ""),
        (_("Remedy"), label(Remedy, data.get("remedy"))),
        (_("Amount of money"), common_wording.money(Decimal(data["amount"])) if data.get("amount") else ""),
    )


def _agreed(data: dict[str, Any], names: Names) -> str:
    said = _("The customer agrees to the plan") if data.get("agreed") else _("The customer does not agree to the plan")
    said = said if data.get("plan", True) else _("Agreed with the customer")
    days = data.get("progress_days")
    said = _("%(label)s: %(text)s") % {"label": said, "text": bare(data["text"])} if data.get("text") else said
    news = _("News every day") if days == 1 else _("News every %(days)s days") % {"days": days} if days else ""
    return _("; ").join(part for part in (said, news) if part)


def _assessed(data: dict[str, Any], names: Names) -> str:
    said = _("Suggestion assessed: %(verdict)s") % {"verdict": label(Verdict, data.get("verdict"))}
    return bracketed(said, data.get("reason"))


def _reported(data: dict[str, Any], names: Names) -> str:
    said = joined((_("Result reported"), data.get("text")))
    if not data.get("next"):
        return said
    return _("%(said)s. Next review: %(gate)s") % {"said": said, "gate": label(Gate, data["next"])}


def _gate(data: dict[str, Any]) -> str:
    return gate_label(data["gate"], bool(data.get("stood_in"))) if data.get("gate") in Gate.values else ""


def _approved(data: dict[str, Any], names: Names) -> str:
    said = joined(
        (_("Review passed"), _gate(data)),
        (_("Opinion"), data.get("text")),
        (_("Call-back"), data.get("called")),
    )
    if not data.get("next"):
        return said
    return _("%(said)s. Next review: %(gate)s") % {"said": said, "gate": label(Gate, data["next"])}


def _rejected(data: dict[str, Any], names: Names) -> str:
    said = _("Sent back by %(gate)s (no. %(count)s): %(reason)s") % {
        "gate": _gate(data),
        "count": data.get("count", 1),
        "reason": label(RejectReason, data.get("reason")),
    }
    return bracketed(said, data.get("text"))


def register() -> None:
    register_sentence("investigate", _investigated)
    register_sentence("plan", _planned)
    register_sentence("agree", _agreed)
    register_sentence("assess", _assessed)
    register_sentence("report", _reported)
    register_sentence("approve", _approved)
    register_sentence("reject", _rejected)
