"""Number → list: exactly the tickets that a number counts, from the same rows that it was computed from.

The address is `tickets:queue?figure=CODE&from=…&to=…&part=…&of=channel:web,category:delivery`: `part` names the number
within the figure (`met`, `missed`, `running`, …), `of` the groups that it was split into; an empty group is `region:`.
"""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from reports import facts, kpi, periods
from reports.periods import Period
from reports.split import DIMENSIONS, Facts
from sla.models import RIGHTS, Metric
from tickets import figures
from tickets.models import Ticket
from tickets.workflow import ANSWERED, Rating

Part = tuple[Callable[[QuerySet, Period], Sequence[Facts]], Q]
ALL = Q()


def _one(rows: Callable[[QuerySet, Period], Facts]) -> Callable[[QuerySet, Period], Sequence[Facts]]:
    return lambda tickets, period: [rows(tickets, period)]


def _what(
    rows: Callable[[QuerySet, Period], Sequence[Facts]], name: str
) -> Callable[[QuerySet, Period], Sequence[Facts]]:
    return lambda tickets, period: [fact for fact in rows(tickets, period) if fact.what == name]


def _clock_parts(metric: str, narrowed: Callable[[QuerySet], QuerySet] = lambda tickets: tickets) -> dict[str, Part]:
    rows = _one(lambda tickets, period: facts.clocks(narrowed(tickets), period, metric))
    decided = Q(at__isnull=False)
    return {
        "decided": (rows, decided),
        "met": (rows, decided & Q(state="met")),
        "missed": (rows, decided & Q(state="missed")),
        "running": (rows, Q(at=None)),
    }


def _length_parts(name: str) -> dict[str, Part]:
    rows = _one(lambda tickets, period: facts.done(tickets, period, name))
    return {"n": (rows, Q(at__isnull=False)), "unfinished": (rows, Q(at=None))}


def _open_parts() -> dict[str, Part]:
    def aged(least: int, most: int | None) -> Callable[[QuerySet, Period], Sequence[Facts]]:
        def rows(tickets: QuerySet, period: Period) -> Sequence[Facts]:
            of_age = Q(at__lt=period.end - facts.DAY * least) if least else ALL
            of_age &= Q(at__gte=period.end - facts.DAY * most) if most else ALL
            return [Facts(fact.rows.filter(of_age)) for fact in facts.open_at(tickets, period.end)]

        return rows

    return {
        "open": (aged(0, None), ALL),
        "to_7_days": (aged(0, 7), ALL),
        "to_30_days": (aged(7, 30), ALL),
        "over_30_days": (aged(30, None), ALL),
    }


_received, _missed = _one(facts.received), _one(facts.missed)
_received_cases, _answers = _one(facts.received_cases), _one(facts.answers)
_invitations, _complaints = _one(facts.invitations), _one(facts.complaints)
_resolved = _one(lambda tickets, period: facts.with_intact_first_contact(facts.resolved(tickets, period)))

# The first part of each is what the figure's own number leads to.
PARTS: dict[str, dict[str, Part]] = {
    "volume": {"received": (_received, ALL)},
    "collection_timeliness": _clock_parts(Metric.REGISTER),
    "first_response_time": _length_parts("first_response_at"),
    "first_response_rate": _clock_parts(Metric.FIRST_RESPONSE),
    "resolution_time": _length_parts("first_resolved_at"),
    "handling_timeliness": _clock_parts(Metric.RESOLUTION),
    "rectification_timeliness": _clock_parts(Metric.RESOLUTION, facts.rectification),
    "resolution_rate": {
        "received": (_received_cases, ALL),
        "resolved": (_received_cases, Q(status__in=ANSWERED)),
        "unresolved": (_received_cases, ~Q(status__in=ANSWERED)),
    },
    "satisfaction": {"answers": (_answers, ALL)} | {rating.value: (_answers, Q(given=rating)) for rating in Rating},
    "response_rate": {"sent": (_invitations, ALL), "answered": (_invitations, Q(given__gt=""))},
    "repeat_rate": {"complaints": (_complaints, ALL), "repeated": (_complaints, Q(repeated=True))},
    "return_rate": {
        "assigned_tickets": (_what(kpi.returns_and_assignments, "assigned"), ALL),
        "returned_tickets": (_what(kpi.returns_and_assignments, "returned"), ALL),
    },
    "second_round_rate": {
        "resolved": (_what(kpi.second_rounds, "resolved"), ALL),
        "reached": (_what(kpi.second_rounds, "reached"), ALL),
    },
    "first_contact_rate": {"resolved": (_resolved, ALL), "intact": (_resolved, Q(intact=True))},
    "backlog": _open_parts(),
    "breaches": {"tickets": (_missed, ALL)}
    | {metric.value: (_missed, Q(metric=metric)) for metric in Metric if metric not in RIGHTS},
    "void": {"received": (_one(facts.voided), ALL)},
}


def tickets_of(
    code: str, tickets: QuerySet, period: Period, part: str = "", of: Mapping[str, str] | None = None
) -> QuerySet:
    """The tickets among `tickets` that a part of a figure counts. KeyError for an unknown code or part."""
    parts = PARTS[code]
    rows, condition = parts[part or next(iter(parts))]
    reach = Q(pk__in=[])
    for fact in rows(Ticket.objects.all(), period):
        counted = fact.with_dimensions(list(of or ())).filter(condition)
        for name, value in (of or {}).items():
            counted = counted.filter(**({f"d_{name}": value} if value else {f"d_{name}__isnull": True}))
        reach |= Q(pk__in=counted.order_by().values("pk"))
    return tickets.filter(reach)


def from_address(code: str) -> Callable[[QuerySet, Mapping[str, str]], QuerySet]:
    """What the queue calls for `?figure=code`. ValueError for values that cannot be read."""

    def counted(tickets: QuerySet, params: Mapping[str, str]) -> QuerySet:
        period = periods.parse(params.get("from", ""), params.get("to", ""))
        of = dict(item.split(":", 1) if ":" in item else (item, "") for item in params.get("of", "").split(",") if item)
        part = params.get("part", "")
        if not of.keys() <= DIMENSIONS.keys() or (part and part not in PARTS[code]):
            raise ValueError(part or params.get("of"))
        return tickets_of(code, tickets, period, part, of)

    return counted


def address(code: str, period: Period, part: str = "", of: Mapping[str, str | None] | None = None) -> str:
    """The link of a number."""
    params = {"figure": code, "from": _short(period.as_json()["from"]), "to": _short(period.as_json()["to"])}
    if part:
        params["part"] = part
    if of:
        params["of"] = ",".join(f"{name}:{value or ''}" for name, value in of.items())
    return f"{reverse('tickets:queue')}?{urlencode(params, safe=':,')}"


def _short(instant: str) -> str:
    """A midnight is told by its date."""
    return instant.removesuffix("T00:00:00+08:00")


def register() -> None:
    for code in PARTS:
        figures.register(code, from_address(code))
