"""What the rows of a list could be narrowed by, with counts; one query that reads at most `SAMPLE` rows."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext as _

from accounts.models import Department
from tickets.channels import Channel
from tickets.filters import NONE, TIMES
from tickets.querysets import TicketQuerySet
from tickets.search import windows as search_windows
from tickets.workflow import UNANSWERED, Nature, Status, Tier

SAMPLE = 1000
NAMES = ("time", "status", "nature", "tier", "department", "channel")


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    choices: list[Choice]


@dataclass(frozen=True)
class Facets:
    """`count` is the number of rows that pass; a lower bound when `cut` (more rows than the sample)."""

    facets: list[Facet]
    count: int
    cut: bool


def facets(
    tickets: TicketQuerySet, chosen: dict[str, list[str]], departments: list[Department], at: datetime
) -> Facets:
    """Each choice counts the rows that pass all the other facets, so that a second tick widens, as people expect."""
    columns = ("time", "status", "nature", "tier", "department__code", "channel")
    rows: list[tuple[Any, ...]] = []
    # of a search, the newest hits; else all in one
    for part in search_windows.parts(tickets, "-received", most=SAMPLE + 1, found=rows, sample=True):
        rows += part.order_by().annotate(time=_time(at)).values_list(*columns)[: SAMPLE + 1 - len(rows)]
        if len(rows) > SAMPLE:
            break
    cut = len(rows) > SAMPLE
    wanted = {name: _wanted(name, chosen.get(name, [])) for name in NAMES}
    kinds = Counter(rows[:SAMPLE])  # many rows are of one kind
    counters: dict[str, Counter] = {name: Counter() for name in NAMES}
    passing = 0
    for kind, many in kinds.items():
        keys = {name: value or NONE if name == "department" else value for name, value in zip(NAMES, kind, strict=True)}
        missed = [name for name in NAMES if wanted[name] and keys[name] not in wanted[name]]
        passing += 0 if missed else many
        for name in NAMES if not missed else missed if len(missed) == 1 else ():
            counters[name][keys[name]] += many
    shown = []
    for name, (label, labels) in _labels(departments).items():
        choices = [
            Choice(value, str(word), counters[name][value], value in wanted[name])
            for value, word in labels
            if counters[name][value] or value in wanted[name]
        ]
        if len(choices) > 1 or any(choice.chosen for choice in choices):
            shown.append(Facet(name, label, choices))
    return Facets(shown, passing, cut)


def _time(at: datetime) -> Case:
    """Which mark of time a row has; the database says so, as a moment takes long to read."""
    return Case(
        When(~Q(status__in=UNANSWERED), then=Value("")),
        When(next_due_at=None, then=Value("hold")),
        When(next_due_at__lte=at, then=Value("late")),
        When(soon_at__lte=at, then=Value("soon")),
        default=Value("ok"),
    )


def _wanted(name: str, words: list[str]) -> set[str]:
    wanted = {part.strip() for word in words for part in word.split(",")} - {""}
    if name == "status" and "open" in wanted:
        wanted |= {str(status) for status in UNANSWERED}
    return wanted


def _labels(departments: list[Department]) -> dict[str, tuple[str, list[tuple[str, Any]]]]:
    return {
        "time": (_("Time limit"), list(TIMES.items())),
        "status": (_("Status"), list(Status.choices)),
        "nature": (_("Nature"), list(Nature.choices)),
        "tier": (_("Tier"), list(Tier.choices)),
        "department": (_("Department"), [*((row.code, row) for row in departments), (NONE, _("Not assigned"))]),
        "channel": (_("Channel"), list(Channel.choices)),
    }
