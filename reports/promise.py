"""What customers are promised, and how last month kept it (A2.2, A6.2): the strip on the form, and the service promise.

The limits are those of the policies in force, the figures those of the kept days: nothing is written twice, and a reader
costs two short queries. A share of a handful of cases says nothing about the house and could tell of one of them, so a
figure of fewer than `FEWEST` is left out.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.functional import Promise as Lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from common.wording import number
from reports import daily, kept, kpi, upkeep
from reports.definitions import DEFINITIONS, split_unit
from reports.models import DayFigures
from reports.periods import ZONE, Period, containing, previous
from sla import rulebook
from sla.models import Metric
from tickets.models import Ticket
from tickets.workflow import DEFAULT_TIER, Nature, Tier

FEWEST = 20
COUNTED_BY = {"first_response_time": "n", "handling_timeliness": "decided", "satisfaction": "answers", "volume": ""}
"""The figures of the strip, and which number in each says how many cases it stands on."""
WITHIN = {
    "wd": ngettext_lazy("%(n)s working day", "%(n)s working days", "n"),
    "wh": ngettext_lazy("%(n)s working hour", "%(n)s working hours", "n"),
    "wm": ngettext_lazy("%(n)s working minute", "%(n)s working minutes", "n"),
    "d": ngettext_lazy("%(n)s natural day", "%(n)s natural days", "n"),
    "h": ngettext_lazy("%(n)s hour", "%(n)s hours", "n"),
    "m": ngettext_lazy("%(n)s minute", "%(n)s minutes", "n"),
    "s": ngettext_lazy("%(n)s second", "%(n)s seconds", "n"),
}
KINDS: dict[str, tuple[str, Tier, str | Lazy]] = {
    "major": (Nature.COMPLAINT, Tier.L1, gettext_lazy("Danger to people or property")),
    **{nature: (nature, DEFAULT_TIER[nature], nature.label) for nature in DEFAULT_TIER},
}
NAMES = {
    "first_response_time": gettext_lazy("First answer after"), "handling_timeliness": gettext_lazy("Resolved in time"),
    "satisfaction": gettext_lazy("Customers satisfied"), "volume": gettext_lazy("Received last month"),
}  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """One figure of last month, as it is said to customers."""

    code: str
    label: str
    value: str
    unit: str
    text: str  # how it is counted


@dataclass(frozen=True)
class Limits:
    """Until when a kind of case gets its first answer and is resolved, in words; empty where no limit is set."""

    label: str
    first_response: str
    resolution: str


class Promise:
    """Read by templates; each part asks for its rows when it is looked at."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    @cached_property
    def month(self) -> Period:
        return previous(containing(self._at.astimezone(ZONE).date(), "month"))

    @cached_property
    def strip(self) -> list[Kept]:
        """One query. Nothing while the month is not counted, is too small to say something, or where it is turned off."""
        if "figures" not in settings.PUBLIC_PAGES:
            return []
        figures = figures_of(self.month)
        rows = [_kept(code, figures[code]) for code in COUNTED_BY if _cases(code, figures.get(code)) >= FEWEST]
        return rows if len(rows) > 1 else []

    @cached_property
    def limits(self) -> dict[str, Limits]:
        """By kind of case. One query."""
        policies = rulebook.known()
        return {kind: _limits(rulebook.rules_for(_case(kind), self._at, policies), kind) for kind in KINDS}


def promise(at: datetime) -> Promise:
    return Promise(at)


def figures_of(period: Period) -> dict[str, Any]:
    """The strip's figures from the kept days; empty, and asked for, while some of them are not counted."""
    days = daily.days_of(period)
    found = dict(DayFigures.objects.filter(by="", day__in=days).values_list("day", "figures"))
    missing = [day for day in days if day not in found]
    if missing:
        upkeep.ask(missing, [""])
        return {}
    return {code: kept.told(code, [found[day].get(code, {}).get("") for day in days]) for code in COUNTED_BY}


def _cases(code: str, value: Any) -> int:
    """How many cases a figure stands on."""
    if not value or not COUNTED_BY[code]:
        return value or 0
    return value.get("working", value)[COUNTED_BY[code]]


def _kept(code: str, value: Any) -> Kept:
    if code == "volume":
        shown, unit = number(value), _("cases")
    else:
        shown, unit = split_unit(code, kpi.main_value(code, value))
    return Kept(code, str(NAMES[code]), shown, unit, str(DEFINITIONS[code].text))


def _case(kind: str) -> Ticket:
    """One as it would come in by the form. It is never saved."""
    nature, tier, _label = KINDS[kind]
    return Ticket(nature=nature, tier=tier, channel="web")


def _limits(rules: dict[str, rulebook.Rule], kind: str) -> Limits:
    return Limits(str(KINDS[kind][2]), _within(rules, Metric.FIRST_RESPONSE), _within(rules, Metric.RESOLUTION))


def _within(rules: dict[str, rulebook.Rule], metric: str) -> str:
    rule = rules.get(metric)
    if rule is None:
        return ""
    return str(WITHIN[rule.snapshot["unit"]] % {"n": rule.snapshot["amount"]})
