"""The page of figures: this period, the one before, and both daily lines; no query a tile."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common import charts, wording
from reports import content, control, counted, daily, kpi, periods, sources, targets
from reports.conclusions import local
from reports.definitions import DEFINITIONS, meets_target, shown, shown_change, shown_target, split_unit
from reports.periods import Interval, Period
from reports.sources import Direct, Kept

STEP: dict[str, Interval] = {"day": "day", "week": "day", "month": "day", "quarter": "week", "year": "month"}
TILES = [code for code in DEFINITIONS if code != "void"]
DEPARTMENT_COLUMNS = ("volume", "handling_timeliness", "satisfaction", "resolution_rate", "repeat_rate")
LONGEST_IN_DAYS = 62
Source = Kept | Direct


@dataclass
class Tile:
    code: str
    name: str
    value: str
    unit: str
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
    limited: bool  # the trend has control limits
    heat: dict[str, Any]
    by: str
    groups: list[dict[str, Any]]
    columns: list[str]
    map: charts.Chart
    pending: list[date]  # days that are not counted yet
    old: bool  # some days are told as they were last counted


def overview(tickets: QuerySet, period: Period, by: str, *, everything: bool, at: datetime, english: bool) -> Overview:
    """`everything` says that `tickets` are all there are. Lines end with the step that holds `at`."""
    before = periods.previous(period)
    interval = STEP.get(periods.kind_of(period) or "", _interval(period))
    source = sources.source(tickets, period, by, interval, everything)
    wanted = targets.current()
    steps = list(periods.steps(period, interval))
    begun = [step.start <= at for _key, step in steps]
    trend, limited = _trend(source, period, before, interval, at)
    tiles = [_tile(code, source, period, before, interval, sum(begun), wanted) for code in TILES]
    return Overview(
        tiles=tiles,
        missed=[tile.name for tile in tiles if tile.met is False],
        trend=trend,
        limited=limited,
        heat=_heat(source, period),
        by=by,
        columns=[str(DEFINITIONS[code].name) for code in DEPARTMENT_COLUMNS],
        groups=_groups(source, period, by, wanted),
        map=_map(source, period, english),
        pending=list(source.pending),
        old=source.old,
    )


def _trend(
    source: Source, period: Period, before: Period, interval: Interval, at: datetime
) -> tuple[charts.Chart, bool]:
    """The volume with last period's beside it, and the limits that chance alone would keep it within."""
    steps = list(periods.steps(period, interval))
    now = source.line("volume", period, interval)
    past = source.line("volume", before, interval)
    told = [value if step.start <= at else None for value, (_key, step) in zip(now, steps, strict=True)]
    complete = [value for value, (_key, step) in zip(now, steps, strict=True) if step.end <= at]
    limits = control.limits([*past, *complete])
    chart = charts.line_chart(
        _("Feedback received"),
        [_label(key, step, interval) for key, step in steps],
        {_("This period"): told},
        previous=past[: len(steps)],
        band=(limits.lower, limits.upper) if limits else None,
        mean=limits.mean if limits else None,
        from_zero=True,
        first=_("Period"),
        running=period.start <= at < period.end,
        width=1100,
    )
    return chart, limits is not None


def _label(key: str, step: Period, interval: Interval) -> str:
    if interval == "day":
        return wording.day(step.start.astimezone(periods.ZONE), year=False)
    return key if interval == "month" else key[5:]


def _interval(period: Period) -> Interval:
    days = (period.end - period.start).days
    return "day" if days <= LONGEST_IN_DAYS else "week" if days <= 366 else "month"


def _tile(
    code: str, source: Source, period: Period, before: Period, interval: Interval, begun: int, wanted: targets.Targets
) -> Tile:
    definition = DEFINITIONS[code]
    value, past = kpi.main_value(code, source.now[code]), kpi.main_value(code, source.before[code])
    target = wanted[code]
    figure, unit = split_unit(code, value)
    return Tile(
        code=code,
        name=str(definition.name),
        value=figure,
        unit=unit,
        url=counted.address(code, period),
        met=meets_target(code, value, target),
        target=shown_target(code, target) if target is not None else "",
        before=split_unit(code, past)[0] if code.endswith("_time") else shown(code, past),
        change=shown_change(code, value, past),
        text=str(definition.text),
        parts=_parts(code, source.now[code]),
        spark=charts.spark(
            source.line(code, period, interval)[:begun], previous=source.line(code, before, interval), target=target
        ),
    )


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
    part, whole = daily.FRACTIONS.get(code, daily.TIMELY)
    told = f"{wording.number(figure[part])} / {wording.number(figure[whole])}"
    if "running" in figure:
        told += _(", %(n)s still running") % {"n": wording.number(figure["running"])}
    return told


def _heat(source: Source, period: Period) -> dict[str, Any]:
    """Channel × category, each cell a link."""
    matrix = sources.matrix_of(source)
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


def _groups(source: Source, period: Period, by: str, wanted: targets.Targets) -> list[dict[str, Any]]:
    groups = source.groups(by, DEPARTMENT_COLUMNS)
    names = content.names_of(by)
    largest = sorted(groups, key=lambda key: (-groups[key]["volume"], key[0] or ""))
    rows = []
    for (key,) in [key for key in largest if groups[key]["volume"]][:50]:
        values = [(code, kpi.main_value(code, groups[(key,)][code])) for code in DEPARTMENT_COLUMNS]
        rows.append(
            {
                "name": local(names.get(key or "", content.unnamed(key))),
                "cells": [
                    {
                        "name": str(DEFINITIONS[code].name),
                        "text": shown(code, value),
                        "url": counted.address(code, period, of={by: key}) if value is not None else "",
                        "missed": meets_target(code, value, wanted[code]) is False,
                    }
                    for code, value in values
                ],
            }
        )
    return rows


def _map(source: Source, period: Period, english: bool) -> charts.Chart:
    groups = {key[0]: figures["volume"] for key, figures in source.groups("region", ("volume",)).items() if key[0]}
    values = {key[:2]: number for key, number in groups.items() if number}
    links = {key[:2]: counted.address("volume", period, of={"region": key}) for key in groups}
    return charts.tile_map(_("Feedback by province"), values, links=links, english=english)
