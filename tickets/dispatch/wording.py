"""Why a case went where it went, in words: the rule, what fitted, who was considered (B3.1). No query."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.channels import Channel
from tickets.dispatch.models import Strategy
from tickets.wording import Names, label, register_sentence
from tickets.workflow import Nature

CONDITIONS: dict[str, Any] = {
    "nature": gettext_lazy("nature"), "channel": gettext_lazy("channel"), "category": gettext_lazy("category"),
    "region": gettext_lazy("region"), "customer_class": gettext_lazy("customer class"), "keyword": gettext_lazy("keyword"),
}  # fmt: skip
BY: dict[str, Any] = {
    "same_owner": gettext_lazy("had the last case of this customer"),
    "round_robin": gettext_lazy("is next in turn"),
    "least_loaded": gettext_lazy("has the fewest open cases"),
    "drawn": gettext_lazy("was drawn, as nobody has few open cases"),
}
NOBODY: dict[str, Any] = {
    "full": gettext_lazy("everybody has as many open cases as they can take"),
    "absent": gettext_lazy("everybody is absent"),
    "off_duty": gettext_lazy("nobody is on duty"),
    "nobody_works_there": gettext_lazy("nobody there handles cases"),
}


REASONS: dict[str, Any] = {
    "owner_left": gettext_lazy("its owner no longer works there"),
    "department_closed": gettext_lazy("its department was closed"),
    "ladder": gettext_lazy("a limit was missed"),
}


def value_of(name: str, value: str, names: Names) -> str:
    if name == "nature":
        return label(Nature, value)
    if name == "channel":
        return label(Channel, value)
    return names.categories.get(value, value) if name == "category" else value


def why(because: Mapping[str, Any], names: Names) -> str:
    """`by the rule “Leaks”: keyword 漏水; Chen with the fewest open cases (3 of 20)`; empty where nothing is known."""
    if because.get("category"):
        return _("because it answers for the category “%(category)s”") % {
            "category": names.categories.get(because["category"], because["category"])
        }
    if not because.get("rule"):
        return ""
    said = _("by the rule “%(rule)s”") % {"rule": names.rules.get(because["rule"], because["rule"])}
    matched = [
        f"{CONDITIONS.get(name, name)} {value_of(name, str(value), names)}"
        for name, value in (because.get("matched") or {}).items()
    ]
    if because.get("waited"):
        matched.append(_("after waiting until somebody was free"))
    told = _("%(label)s: %(text)s") % {"label": said, "text": _(", ").join(matched)} if matched else said
    person = chosen(because, names)
    return _("%(said)s; %(text)s") % {"said": told, "text": person} if person else told


def chosen(because: Mapping[str, Any], names: Names) -> str:
    if because.get("nobody"):
        return _("nobody is free, because %(reason)s") % {"reason": NOBODY.get(because["nobody"], because["nobody"])}
    if because.get("strategy") in (None, Strategy.DEPARTMENT) or not because.get("by"):
        return ""
    by = {"by": BY.get(because["by"], because["by"]), "first": names.person(because.get("besides"))}
    if because.get("besides"):
        return _("to the person who %(by)s, after %(first)s, who got another case at the same moment") % by
    return _("to the person who %(by)s") % by


def _assigned(data: dict[str, Any], names: Names) -> str:
    where = {"department": names.department(data.get("department")), "person": names.person(data.get("owner"))}
    said = (
        _("Assigned to %(department)s, %(person)s") if data.get("owner") else _("Assigned to %(department)s")
    ) % where
    if data.get("automatic"):
        reason = why(data.get("because") or {}, names)
        if not reason and not data.get("owner"):  # before rules kept their reasons
            return _("Assigned to %(department)s, which answers for this category") % where
        return _("%(said)s, %(why)s") % {"said": said, "why": reason} if reason else said
    text = str(data.get("reason") or "").strip()
    text = str(REASONS.get(text, text))
    return _("%(said)s: %(text)s") % {"said": said, "text": text} if text else said


def register() -> None:
    register_sentence("assign", _assigned)
    register_sentence("hand_on", _assigned)
