"""The page of figures: one query a figure for this period, the one before and both daily lines; no query a tile."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common import charts, wording
from reports import content, counted, kpi, periods
from reports.conclusions import local
from reports.definitions import DEFINITIONS, meets_target, shown, shown_change, shown_target
from reports.periods import Interval, Period
from reports.split import Split

STEP: dict[str, Interval] = {"day": "day", "week": "day", "month": "day", "quarter": "week", "year": "month"}
TILES = [code for code in DEFINITIONS if code != "void"]
DEPARTMENT_COLUMNS = ("volume", "handling_timeliness", "satisfaction", "resolution_rate", "repeat_rate")
LONGEST_IN_DAYS = 62


@dataclass
class Tile:
    code: str
    name: str
    value: str
    url: str
    met: bool | None
    target: str
    before: str
    change: str
    text: str
    parts: str
    spark: SafeString


@dataclass
class Overview:
    tiles: list[Tile]
    missed: list[str]
    trend: charts.Chart
    heat: dict[str, Any]
    by: str
    groups: list[dict[str, Any]]
    columns: list[str]
    map: charts.Chart


def overview(tickets: QuerySet, period: Period, by: str, english: bool) -> Overview:
    before = periods.previous(period)
    interval = STEP.get(periods.kind_of(period) or "", _interval(period))
    lines = Split(interval=interval, divide_at=period.start)
    span = Period(before.start, period.end)
    answers = {code: kpi.FIGURES[code].measure(tickets, span, lines) for code in TILES if code != "backlog"}
    answers["backlog"] = kpi.backlog(tickets, period)
    answers["backlog"].before = kpi.backlog(tickets, before).total
    keys = [key for key, _step in periods.steps(period, interval)]
    keys_before = [key for key, _step in periods.steps(before, interval)]
    tiles = [_tile(code, answers[code], period, keys, keys_before) for code in TILES]
    volume = answers["volume"].groups
    return Overview(
        tiles=tiles,
        missed=[tile.name for tile in tiles if tile.met is False],
        trend=charts.line_chart(
            _("Feedback received"),
            [key[5:] if interval != "month" else key for key in keys],
            {_("This period"): [volume.get((key,), 0) for key in keys]},
            previous=[volume.get((key,), 0) for key in keys_before[: len(keys)]],
            from_zero=True,
        ),
        heat=_heat(tickets, period),
        by=by,
        columns=[str(DEFINITIONS[code].name) for code in DEPARTMENT_COLUMNS],
        groups=_groups(tickets, period, by),
        map=_map(tickets, period, english),
    )


def _interval(period: Period) -> Interval:
    days = (period.end - period.start).days
    return "day" if days <= LONGEST_IN_DAYS else "week" if days <= 366 else "month"


def _tile(code: str, answer: Any, period: Period, keys: list[str], keys_before: list[str]) -> Tile:
    definition = DEFINITIONS[code]
    value, before = kpi.main_value(code, answer.total), kpi.main_value(code, answer.before)
    target = definition.target
    return Tile(
        code=code,
        name=str(definition.name),
        value=shown(code, value),
        url=counted.address(code, period),
        met=meets_target(code, value),
        target=shown_target(code),
        before=shown(code, before),
        change=shown_change(code, value, before),
        text=str(definition.text),
        parts=_parts(code, answer.total),
        spark=charts.spark(_line(code, answer, keys), previous=_line(code, answer, keys_before), target=target),
    )


def _line(code: str, answer: Any, keys: list[str]) -> list[float | None]:
    return [kpi.main_value(code, answer.groups.get((key,), answer.empty)) for key in keys]


def _parts(code: str, figure: Any) -> str:
    """The numbers behind the number: `4,012 / 4,132, 9 running`."""
    if code == "backlog":
        ages = figure["ages"]
        return _("Up to 7 days %(young)s, up to 30 days %(middle)s, older %(old)s.") % {
            "young": wording.number(ages["to_7_days"]),
            "middle": wording.number(ages["to_30_days"]),
            "old": wording.number(ages["over_30_days"]),
        }
    if code.endswith("_time"):
        working = figure["working"]
        return _("Median %(median)s, 90th percentile %(p90)s; %(n)s tickets, %(unfinished)s unfinished.") % {
            "median": shown(code, working["median_s"]),
            "p90": shown(code, working["p90_s"]),
            "n": wording.number(working["n"]),
            "unfinished": wording.number(figure["unfinished"]),
        }
    if not isinstance(figure, dict) or "rate" not in figure:
        return ""
    part, whole = _FRACTIONS.get(code, ("met", "decided"))
    told = f"{wording.number(figure[part])} / {wording.number(figure[whole])}"
    if "running" in figure:
        told += _(", %(n)s still running") % {"n": wording.number(figure["running"])}
    return told


_FRACTIONS = {
    "resolution_rate": ("resolved", "received"),
    "satisfaction": ("satisfied", "answers"),
    "response_rate": ("answered", "sent"),
    "repeat_rate": ("repeated", "complaints"),
    "return_rate": ("returned", "assigned"),
    "second_round_rate": ("reached", "resolved"),
    "first_contact_rate": ("intact", "resolved"),
}


def _heat(tickets: QuerySet, period: Period) -> dict[str, Any]:
    """Channel × category, each cell a link."""
    matrix = content.matrix(tickets, period)
    columns, rows = matrix["columns"], matrix["rows"]
    heat = charts.heat_table(
        [local(column["name"]) for column in columns], [(local(row["name"]), row["cells"]) for row in rows]
    )
    for shown_row, row in zip(heat["rows"], rows, strict=True):
        for cell, column, number in zip(shown_row["cells"], columns, row["cells"], strict=True):
            if number:
                of = {"channel": row["key"], "category": column["key"]}
                cell["url"] = counted.address("volume", period, of=of)
    return heat


def _groups(tickets: QuerySet, period: Period, by: str) -> list[dict[str, Any]]:
    answers = {code: kpi.FIGURES[code].measure(tickets, period, Split(by=(by,))) for code in DEPARTMENT_COLUMNS}
    names = content.names_of(by)
    keys = sorted(answers["volume"].groups.items(), key=lambda item: (-item[1], item[0][0] or ""))
    rows = []
    for (key,), _volume in keys[:50]:
        values = [
            (code, kpi.main_value(code, answer.groups.get((key,), answer.empty))) for code, answer in answers.items()
        ]
        rows.append(
            {
                "name": local(names.get(key or "", content.unnamed(key))),
                "cells": [
                    {
                        "text": shown(code, value),
                        "url": counted.address(code, period, of={by: key}) if value is not None else "",
                        "missed": meets_target(code, value) is False,
                    }
                    for code, value in values
                ],
            }
        )
    return rows


def _map(tickets: QuerySet, period: Period, english: bool) -> charts.Chart:
    groups = kpi.volume(tickets, period, Split(by=("region",))).groups
    values = {key[:2]: number for (key,), number in groups.items() if key}
    links = {key[:2]: counted.address("volume", period, of={"region": key}) for (key,) in groups if key}
    return charts.tile_map(_("Feedback by province"), values, links=links, english=english)
