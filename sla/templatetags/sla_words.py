"""The words of the notice about a time limit: what, how near or how late, and when."""

from datetime import datetime
from typing import Any

from django import template
from django.core.exceptions import FieldDoesNotExist
from django.template.context import Context
from django.utils.translation import gettext as _

from common import wording
from sla import special_days
from sla.models import Accountability, Metric, SlaTarget
from sla.words import length
from tickets.models import Customer, Ticket
from tickets.situation import settings_known

register = template.Library()


@register.simple_tag(takes_context=True)
def limit_notice(context: Context) -> dict[str, str]:
    return limit_notice_of(context.flatten() | {"number": context["topic"]})


@register.simple_tag
def limit_notice_of(limit: dict[str, Any]) -> dict[str, str]:
    """`limit`: number, metric, threshold, due_at, late, as the sweep wrote them."""
    metric, threshold = limit["metric"], limit["threshold"]
    words = {"metric": Metric(metric).label, "topic": limit["number"], "threshold": threshold, "at": moment(limit)}
    if metric == Metric.CUSTOMER_REPLY:
        if threshold == "due":
            subject = _("The customer did not answer: %(topic)s")
            sentence = _("The wait ended at %(at)s. The case goes on without the answer, and its limits run again.")
        else:
            subject = _("The customer has not answered yet: %(topic)s")
            sentence = _("The wait ends at %(at)s. After that the limits of the case run again.")
    elif threshold == "due":
        subject = _("Overdue: %(metric)s (%(topic)s)")
        sentence = _("“%(metric)s” was due at %(at)s and is not done. The missed limit is on record.")
    elif limit["late"]:
        subject = _("Still overdue: %(metric)s (%(topic)s)")
        sentence = _("“%(metric)s” was due at %(at)s and is still not done. The case was raised to you.")
    else:
        subject = _("Due soon: %(metric)s (%(topic)s)")
        sentence = _("“%(metric)s” is due at %(at)s. %(threshold)s of the limit is used.")
    return {"subject": subject % words, "sentence": sentence % words}


@register.filter
def instant(text: str) -> str:
    """A stored ISO time in the reader's words."""
    return wording.moment(datetime.fromisoformat(text)) if text else ""


def moment(limit: dict[str, Any]) -> str:
    due_at = limit.get("due_at")
    return wording.moment(datetime.fromisoformat(due_at)) if due_at else ""


@register.simple_tag(takes_context=True)
def ledger_sentence(context: Context) -> str:
    """What was decided about a missed limit."""
    words = {
        "metric": metric_label(context["metric"]),
        "outcome": Accountability.Outcome(context["outcome"]).label,
        "grade": Accountability.Grade(context["grade"]).label if context["grade"] else "",
    }
    if context["grade"]:
        return _("“%(metric)s” was missed: %(outcome)s, %(grade)s.") % words
    return _("“%(metric)s” was missed: %(outcome)s.") % words


@register.filter
def holiday(reason: str) -> str:
    """Why a day differs, a statutory holiday in the reader's language."""
    return special_days.named(reason)


@register.filter
def metric_label(code: str) -> str:
    return str(Metric(code).label) if code in Metric.values else code


@register.filter
def length_of(target: SlaTarget) -> str:
    """How long a target is, in words."""
    return length(target.amount, target.unit)


@register.filter
def conditions(match: dict[str, list[str]]) -> str:
    """Which cases a policy is for, in words: “Nature: Complaint, Inquiry; Channel: Hotline”."""
    named = {
        label_of(name): wording.listed(value_of(name, value) for value in values) for name, values in match.items()
    }
    return _("; ").join(_("%(field)s: %(values)s") % {"field": name, "values": said} for name, said in named.items())


def label_of(name: str) -> str:
    try:
        return str(Ticket._meta.get_field(name).verbose_name)
    except FieldDoesNotExist:
        return str(Customer._meta.get_field(name).verbose_name) if name == "customer_class" else name


def value_of(name: str, value: str) -> str:
    known = settings_known()
    rows = {"department": known.departments, "category": known.categories}.get(name)
    if rows is not None:
        return str(rows.get(value, value))
    try:
        choices = getattr(Ticket._meta.get_field(name), "flatchoices", [])
    except FieldDoesNotExist:
        choices = []
    return str(dict(choices).get(value, value))
