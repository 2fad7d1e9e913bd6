"""The words of the notice about a time limit: what, how near or how late, and when."""

from datetime import datetime

from django import template
from django.template.context import Context
from django.utils.translation import gettext as _

from common import wording
from sla.models import Metric

register = template.Library()


@register.simple_tag(takes_context=True)
def limit_notice(context: Context) -> dict[str, str]:
    metric, threshold = context["metric"], context["threshold"]
    words = {"metric": Metric(metric).label, "topic": context["topic"], "threshold": threshold, "at": moment(context)}
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
    elif context["late"]:
        subject = _("Still overdue: %(metric)s (%(topic)s)")
        sentence = _("“%(metric)s” was due at %(at)s and is still not done. The case was raised to you.")
    else:
        subject = _("Due soon: %(metric)s (%(topic)s)")
        sentence = _("“%(metric)s” is due at %(at)s. %(threshold)s of the limit is used.")
    return {"subject": subject % words, "sentence": sentence % words}


def moment(context: Context) -> str:
    due_at = context.get("due_at")
    return wording.moment(datetime.fromisoformat(due_at)) if due_at else ""
