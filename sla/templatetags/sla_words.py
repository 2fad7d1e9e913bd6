"""The words of the notice about a time limit: what, how near or how late, and when."""

from datetime import datetime
from typing import Any

from django import template
from django.template.context import Context
from django.utils.translation import gettext as _

from common import wording
from sla.models import Metric

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
