"""How the history of a ticket tells of missed limits."""

from typing import Any

from django.utils.translation import gettext as _

from sla.models import Metric
from tickets.wording import Names, register_sentence


def limit_missed(data: dict[str, Any], names: Names) -> str:
    metric = data.get("metric", "")
    label = Metric(metric).label if metric in Metric.values else metric
    return _("Limit missed: %(metric)s") % {"metric": label}


def register() -> None:
    register_sentence("breach", limit_missed)
