"""Everything a periodic report holds, gathered once into plain values; a report is printed from nothing else.

About 70 queries, whatever the number of tickets. Names are stored in both languages, so that a reprint years later
needs no row that may have been renamed.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import Count, DurationField, ExpressionWrapper, F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import override

from accounts.models import Department, Region, User
from common import masks
from common.provinces import TILES
from reports import facts, kpi, periods, targets
from reports.periods import Interval, Period
from reports.split import Answer, Split
from sla.models import Clock, Metric
from tickets.channels import Channel
from tickets.models import Category
from tickets.workflow import Nature, Status, Tier

TREND: dict[str, Interval] = {"week": "day", "month": "day", "quarter": "week", "year": "month"}
TABLES = {
    "channel": ("volume",),
    "nature": ("volume", "handling_timeliness", "resolution_time"),
    "category": ("volume", "handling_timeliness", "resolution_rate", "repeat_rate"),
    "region": ("volume",),
    "department": ("volume", "handling_timeliness", "satisfaction", "resolution_rate", "repeat_rate", "breaches"),
}
DIVISIBLE = [code for code in kpi.FIGURES if code != "backlog"]
MATRIX = "channel,category"
Name = dict[str, str]
DECIDED = Split(decided_only=True)


def gather(tickets: QuerySet, kind: str, period: Period) -> dict[str, Any]:
    before, year_before = periods.previous(period), periods.a_year_before(period)
    figures, figures_before = two_periods(tickets, period, before)
    return {
        "kind": kind,
        "company": {"zh": settings.COMPANY_NAME, "en": settings.COMPANY_NAME_EN},
        "period": period.as_json(),
        "period_before": before.as_json(),
        "figures": figures,
        "before": figures_before,
        "year_before": {code: kpi.FIGURES[code].measure(tickets, year_before, DECIDED).total for code in kpi.FIGURES},
        "targets": targets.current(),
        "trend": trend(tickets, period, TREND[kind]),
        **tables(tickets, period, before),
        "overdue": overdue(tickets, period),
        "problems": problems(tickets, period, before),
        "voices": voices(tickets, period),
    }


def two_periods(tickets: QuerySet, period: Period, before: Period) -> tuple[dict[str, Any], dict[str, Any]]:
    """Every figure of two adjacent periods, one query a figure for both. What runs is told of the later one only."""
    span, split = Period(before.start, period.end), Split(divide_at=period.start, decided_only=True)
    answers = {code: kpi.FIGURES[code].measure(tickets, span, split) for code in DIVISIBLE}
    now = {code: answer.total for code, answer in answers.items()}
    past = {code: answer.before for code, answer in answers.items()}
    now["backlog"], past["backlog"] = (kpi.backlog(tickets, each).total for each in (period, before))
    facts.tell_running(now, tickets, period)
    return now, past


def trend(tickets: QuerySet, period: Period, interval: Interval) -> dict[str, Any]:
    received = kpi.volume(tickets, period, Split(interval=interval)).groups
    resolved = kpi.first_contact_rate(tickets, period, Split(interval=interval)).groups
    return {
        "interval": interval,
        "points": [
            {
                "key": key,
                "received": received.get((key,), 0),
                "resolved": resolved[(key,)]["resolved"] if (key,) in resolved else 0,
            }
            for key, _step in periods.steps(period, interval)
        ],
    }


def tables(tickets: QuerySet, period: Period, before: Period) -> dict[str, Any]:
    """The groups of each dimension, largest first, with the volume of the period before; one query a figure."""
    answers = {}
    for code in dict.fromkeys(code for codes in TABLES.values() for code in codes):
        each = [by for by, codes in TABLES.items() if code in codes] + ([MATRIX] if code == "volume" else [])
        answers[code] = kpi.FIGURES[code].measure(tickets, period, Split(each=tuple(each), decided_only=True))
    past = kpi.volume(tickets, before, Split(each=tuple(TABLES))).each
    return {
        "tables": {by: table(by, {code: answers[code] for code in TABLES[by]}, past.get(by, {})) for by in TABLES},
        "matrix": matrix(answers["volume"].each.get(MATRIX, {})),
    }


def table(by: str, answers: Mapping[str, Answer], past: Mapping[tuple[str | None, ...], int]) -> list[dict[str, Any]]:
    groups = {code: answer.each.get(by, {}) for code, answer in answers.items()}
    keys = {key for each in (*groups.values(), past) for (key,) in each}
    names = names_of(by)
    rows = [
        {
            "key": key,
            "name": names.get(key or "", unnamed(key)),
            "before": past.get((key,), 0),
            "figures": {code: each.get((key,), answers[code].empty) for code, each in groups.items()},
        }
        for key in keys
    ]
    return sorted(rows, key=lambda row: (-row["figures"]["volume"], row["key"] is None, row["key"] or ""))


def matrix(groups: Mapping[tuple[str | None, ...], int]) -> dict[str, Any]:
    """Channel × category, from the volume by both."""
    channels, categories = names_of("channel"), names_of("category")
    rows = [code for code in channels if any(key[0] == code for key in groups)]
    columns = [code for code in (*categories, None) if any(key[1] == code for key in groups)]
    return {
        "columns": [{"key": code, "name": categories.get(code or "", unnamed(code))} for code in columns],
        "rows": [
            {"key": row, "name": channels[row], "cells": [groups.get((row, column), 0) for column in columns]}
            for row in rows
        ],
    }


def overdue(tickets: QuerySet, period: Period, most: int = 10) -> list[dict[str, Any]]:
    """The limits missed by the widest margin, and who answers for them."""
    until = Coalesce("stopped_at", Value(period.end))
    late = (
        Clock.objects.filter(
            facts.within("decided_at", period), state=Clock.State.MISSED, ticket__in=facts.cases(tickets)
        )
        .annotate(late=ExpressionWrapper(until - F("due_at"), DurationField()))
        .select_related("ticket__department", "answerable")
        .order_by("-late", "pk")[:most]
    )
    return [
        {
            "number": clock.ticket.number,
            "subject": masked(clock.ticket.subject),
            "metric": clock.metric,
            "due": clock.due_at.isoformat(),
            "late_s": int(clock.late.total_seconds()),
            "answered": clock.stopped_at is not None,
            "department": named(clock.ticket.department) if clock.ticket.department else None,
            "person": {"zh": clock.answerable.name, "en": clock.answerable.name_en or clock.answerable.name}
            if clock.answerable
            else None,
        }
        for clock in late
    ]


def problems(tickets: QuerySet, period: Period, before: Period, most: int = 5) -> list[dict[str, Any]]:
    def counted(each: Period) -> dict[str, int]:
        rows = facts.received(tickets.exclude(problem=None), each).rows.order_by()
        return dict(rows.values_list("problem__title").annotate(n=Count("pk")).order_by("-n", "problem__title"))

    now, past = counted(period), counted(before)
    return [{"title": title, "volume": now[title], "before": past.get(title, 0)} for title in list(now)[:most]]


def voices(tickets: QuerySet, period: Period, most: int = 3) -> list[dict[str, Any]]:
    """What dissatisfied customers wrote, masked; without such comments the complaints that needed a second round."""
    rows = facts.cases(tickets).filter(facts.within("received_at", period), nature=Nature.COMPLAINT)
    rows = rows.order_by("-round", "-received_at", "-pk").annotate(province=F("region__full_name"))
    told: dict[str, dict[str, Any]] = {}
    for ticket in rows[: most * 4]:  # what was sent several times is quoted once
        text = excerpt(masked(ticket.content))
        words = {"number": ticket.number, "text": text, "channel": ticket.channel, "region": ticket.province or ""}
        told.setdefault(text, words)
    return list(told.values())[:most]


_LONG_NUMBER = re.compile(r"(?<!\d)[\d０-９][\d０-９\- ]{5,}[\d０-９Xx]")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def masked(text: str) -> str:
    """Telephone, card and identity numbers and mail addresses are hidden (B7)."""
    text = _MAIL.sub(lambda found: masks.email(found[0]), text)
    return _LONG_NUMBER.sub(lambda found: masks.phone(re.sub(r"\D", "", found[0])), text)


def excerpt(text: str, length: int = 90) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


# --- names in both languages ----------------------------------------------------------------------
def named(row: Any) -> Name:
    return {"zh": row.name, "en": row.name_en or row.name}


def _province(row: Region) -> Name:
    """Few houses give provinces an English name of their own; everybody knows the usual one."""
    tile = TILES.get(row.code[:2])
    return named(row) | ({"en": row.name_en or tile.english} if tile else {})


def unnamed(key: str | None) -> Name:
    return {"zh": key or "未填", "en": key or "Not stated"}


def names_of(by: str) -> dict[str, Name]:
    """Code → name, in the order in which people expect them. At most one query."""
    if by == "category":
        return {row.code: named(row) for row in Category.objects.all()}
    if by == "department":
        return {row.code: named(row) for row in Department.objects.all()}
    if by == "region":
        return {row.code: _province(row) for row in Region.objects.filter(level=Region.Level.PROVINCE)}
    if by == "city":
        places = Region.objects.filter(level__in=[Region.Level.PROVINCE, Region.Level.CITY])
        return {row.code: {"zh": row.full_name, "en": row.name_en or row.name} for row in places}
    if by in {"owner", "first_contact"}:
        return {row.username: named(row) for row in User.objects.only("username", "name", "name_en")}
    choices = {"channel": Channel, "nature": Nature, "tier": Tier, "metric": Metric, "status": Status}[by]
    return {code: both(label) for code, label in choices.choices}


def both(label: Any) -> Name:
    """A translated label in both languages."""
    told = {}
    for short, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            told[short] = str(label)
    return told
