"""A stored report as the parts of a page, a PDF or a workbook. Reads nothing but the stored figures."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from common import charts, wording
from reports import periods
from reports.conclusions import local, spoken
from reports.definitions import DEFINITIONS, meets_target, shown, shown_change, shown_target
from reports.kpi import main_value
from reports.models import Report
from sla.models import Metric
from tickets.channels import Channel

SUMMARY = (
    "volume", "first_response_rate", "handling_timeliness", "rectification_timeliness",
    "resolution_rate", "satisfaction", "repeat_rate", "backlog",
)  # fmt: skip
TITLES = {
    "week": gettext_lazy("Weekly report on customer feedback"),
    "month": gettext_lazy("Monthly report on customer feedback"),
    "quarter": gettext_lazy("Quarterly report on customer feedback"),
    "year": gettext_lazy("Yearly report on customer feedback"),
}
TABLE_NAMES = {
    "channel": gettext_lazy("By channel"),
    "nature": gettext_lazy("By nature"),
    "category": gettext_lazy("By category"),
    "region": gettext_lazy("By region"),
    "department": gettext_lazy("By department"),
}
FIRST_COLUMNS = {
    "channel": gettext_lazy("Channel"), "nature": gettext_lazy("Nature"), "category": gettext_lazy("Category"),
    "region": gettext_lazy("Region"), "department": gettext_lazy("Department"),
}  # fmt: skip


@dataclass
class Table:
    """`numbers` says from which column on the cells are numbers; `name` is that of the table as a file."""

    name: str
    title: str
    columns: list[str]
    rows: list[list[str]]
    numbers: int = 1
    foot: list[str] | None = None


@dataclass
class Document:
    report: Report
    title: str
    span: str
    number: str
    until: str
    company: str
    overview: str
    reading: list[str]
    tiles: list[dict[str, str]]
    figures: Table
    wave: list[dict[str, int]]
    trend: charts.Chart
    categories: charts.Chart
    matrix: Table
    tables: list[Table]
    satisfaction: Table
    overdue: Table
    problems: Table
    voices: list[dict[str, str]]
    conclusions: list[str]
    conclusions_in: str
    """The code of their language."""
    hash: str

    @property
    def conclusions_note(self) -> str:
        """What a reader of another language is told; empty where there is nothing to tell."""
        if self.conclusions_in[:2] == (get_language() or "")[:2]:
            return ""
        return _("These conclusions stand in the language in which they were written.")

    @property
    def every_table(self) -> dict[str, Table]:
        """All tables by name, in the order of the report; the trend as the table beneath its chart."""
        trend = Table("trend", self.trend.title, list(self.trend.columns), [list(row) for row in self.trend.rows])
        rest = [self.matrix, *self.tables, self.satisfaction, self.overdue, self.problems]
        return {table.name: table for table in (self.figures, trend, *rest)}


def document(report: Report, ink: str = "live") -> Document:
    """In the active language. `ink` as in `common.charts`."""
    content = report.figures
    start, end = (datetime.fromisoformat(content["period"][name]) for name in ("from", "to"))
    lines, language = spoken(report.conclusions, content)
    tables = [_table(by, content) for by in TABLE_NAMES if by in content["tables"]]
    return Document(
        report=report,
        title=str(TITLES[content["kind"]]),
        span=span(report),
        number=f"{periods.key_of(start, content['kind'])} / {report.version}",
        until=_("%(start)s to %(end)s (not included)") % {"start": wording.moment(start), "end": wording.moment(end)},
        company=local(content["company"]),
        overview=_overview(content),
        reading=_reading(content),
        tiles=[_tile(code, content) for code in SUMMARY],
        figures=_figures(content),
        wave=_wave([point["received"] for point in content["trend"]["points"]]),
        trend=_trend(content, ink),
        categories=_categories(content, ink),
        matrix=_matrix(content),
        tables=tables,
        satisfaction=_satisfaction(content),
        overdue=_overdue(content),
        problems=_problems(content),
        voices=[voice | {"channel": str(Channel(voice["channel"]).label)} for voice in content["voices"]],
        conclusions=lines,
        conclusions_in=language,
        hash=" ".join(report.sha256[i : i + 8] for i in range(0, 64, 8)),
    )


def span(report: Report) -> str:
    """`2018年3月` (`Mar 2018`), `2018年第10周`, `2018年第1季度`, `2018年`."""
    start = report.start.astimezone(periods.ZONE)
    year, week, _day = start.isocalendar()
    names = {
        "week": _("week %(week)s of %(year)s") % {"week": week, "year": year},
        "month": wording.month(start),
        "quarter": _("quarter %(quarter)s of %(year)s") % {"quarter": (start.month + 2) // 3, "year": start.year},
        "year": _("the year %(year)s") % {"year": start.year},
    }
    return names[report.kind]


def _values(code: str, content: dict[str, Any]) -> tuple[float | None, float | None, float | None]:
    now, before, year = (main_value(code, content[name].get(code)) for name in ("figures", "before", "year_before"))
    return now, before, year


def _verdict(code: str, value: float | None, target: float | None) -> str:
    met = meets_target(code, value, target)
    return "—" if met is None else _("Target met") if met else f"▲ {_('Target missed')}"


def _tile(code: str, content: dict[str, Any]) -> dict[str, str]:
    now, before, _year = _values(code, content)
    target = content["targets"].get(code)
    note = f"{_('before')} {shown(code, before)}"
    if target is not None:
        words = {"target": shown_target(code, target), "before": shown(code, before)}
        note = _("Target %(target)s, before %(before)s") % words
    return {"name": str(DEFINITIONS[code].name), "value": shown(code, now), "note": note}


def _figures(content: dict[str, Any]) -> Table:
    rows = []
    for code, definition in DEFINITIONS.items():
        now, before, year = _values(code, content)
        target = content["targets"].get(code)
        rows.append(
            [
                str(definition.name),
                shown(code, now),
                shown_target(code, target) if target is not None else "—",
                shown(code, before),
                shown_change(code, now, before),
                shown(code, year),
                _verdict(code, now, target),
            ]
        )
    columns = [_("Figure"), _("Now"), _("Target"), _("Period before"), _("Change"), _("A year ago"), _("Verdict")]
    return Table("figures", _("Figures and targets"), columns, rows)


def _overview(content: dict[str, Any]) -> str:
    now, before, _year = _values("volume", content)
    natures = {row["key"]: row["figures"]["volume"] for row in content["tables"]["nature"]}
    met = [meets_target(code, _values(code, content)[0], content["targets"].get(code)) for code in DEFINITIONS]
    return _(
        "%(n)s voices were received (%(change)s against the period before): %(complaints)s complaints, "
        "%(suggestions)s suggestions, %(inquiries)s inquiries. Of %(targets)s figures with a target and a value, "
        "%(met)s met it."
    ) % {
        "n": wording.number(now),
        "change": shown_change("volume", now, before),
        "complaints": wording.number(natures.get("complaint", 0)),
        "suggestions": wording.number(natures.get("suggestion", 0)),
        "inquiries": wording.number(natures.get("inquiry", 0)),
        "targets": len([each for each in met if each is not None]),
        "met": met.count(True),
    }


def _reading(content: dict[str, Any]) -> list[str]:
    figures = content["figures"]
    running = sum(figures[code]["running"] for code in ("first_response_rate", "handling_timeliness"))
    return [
        _("%(n)s void tickets are not counted; merged tickets are one voice each and one case.")
        % {"n": wording.number(figures["void"])},
        _("Timeliness looks only at limits decided in the period; %(n)s still running are neither met nor missed.")
        % {"n": wording.number(running)},
        _(
            "Lengths are working time by the office calendar with the statutory holidays and make-up days. Median %(median)s "
            "and 90th percentile %(p90)s to resolution, in clock time mean %(clock)s."
        )
        % {
            "median": shown("resolution_time", figures["resolution_time"]["working"]["median_s"]),
            "p90": shown("resolution_time", figures["resolution_time"]["working"]["p90_s"]),
            "clock": _clock(figures["resolution_time"]["clock"]["mean_s"]),
        },
    ]


def _clock(seconds: float | None) -> str:
    return "—" if seconds is None else wording.span(seconds)


def _wave(received: list[int]) -> list[dict[str, int]]:
    """The period as the sound of its voices, for the cover: a bar of 96 at most a day, week or month, about one line."""
    loudest = max(received, default=0) or 1
    tall = [max(6, round(96 * count / loudest)) for count in received]
    return [{"x": 20 * n, "y": (96 - height) // 2, "height": height} for n, height in enumerate(tall)]


def _trend(content: dict[str, Any], ink: str) -> charts.Chart:
    points = content["trend"]["points"]
    cut = 5 if content["trend"]["interval"] != "year" else 0
    return charts.line_chart(
        _("Received and resolved"),
        [point["key"][cut:] for point in points],
        {_("Received"): [p["received"] for p in points], _("Resolved"): [p["resolved"] for p in points]},
        from_zero=True,
        first=_("Period"),
        ink=ink,
    )


def _categories(content: dict[str, Any], ink: str) -> charts.Chart:
    rows = content["tables"]["category"][:12]
    return charts.bar_chart(
        _("Feedback by category"),
        [(local(row["name"]), row["figures"]["volume"]) for row in rows],
        previous=[row["before"] for row in rows],
        first=_("Category"),
        ink=ink,
    )


def _matrix(content: dict[str, Any]) -> Table:
    columns, rows = content["matrix"]["columns"], content["matrix"]["rows"]
    sums = [sum(cells) for cells in zip(*(row["cells"] for row in rows), strict=True)] if rows else []
    return Table(
        "matrix",
        _("Channel × category"),
        [_("Channel"), *(local(column["name"]) for column in columns), _("Sum")],
        [[local(row["name"]), *map(wording.number, row["cells"]), wording.number(sum(row["cells"]))] for row in rows],
        foot=[_("Sum"), *map(wording.number, sums), wording.number(sum(sums))] if rows else None,
    )


def _table(by: str, content: dict[str, Any]) -> Table:
    rows = content["tables"][by]
    codes = [code for code in DEFINITIONS if rows and code in rows[0]["figures"]]
    total = sum(row["figures"]["volume"] for row in rows) or 1
    columns = [
        str(FIRST_COLUMNS[by]),
        _("Feedback"),
        _("Share"),
        _("Period before"),
        *(str(DEFINITIONS[c].name) for c in codes if c != "volume"),
    ]
    return Table(
        by,
        str(TABLE_NAMES[by]),
        columns,
        [
            [
                local(row["name"]),
                wording.number(row["figures"]["volume"]),
                f"{wording.number(row['figures']['volume'] / total * 100, 1)}%",
                wording.number(row["before"]),
                *(shown(code, main_value(code, row["figures"][code])) for code in codes if code != "volume"),
            ]
            for row in rows
            if row["figures"]["volume"] or row["before"]
        ],
    )


def _satisfaction(content: dict[str, Any]) -> Table:
    figure = content["figures"]["satisfaction"]
    words = {"satisfied": _("Satisfied"), "neutral": _("Neutral"), "dissatisfied": _("Dissatisfied")}
    rows = [
        [
            word,
            wording.number(figure[name]),
            shown("satisfaction", figure[name] / figure["answers"] if figure["answers"] else None),
        ]
        for name, word in words.items()
    ]
    title = _("Follow-up answers: %(n)s") % {"n": wording.number(figure["answers"])}
    return Table("satisfaction", title, [_("Answer"), _("Count"), _("Share")], rows)


def _overdue(content: dict[str, Any]) -> Table:
    columns = [_("Ticket"), _("Subject"), _("Limit"), _("Overdue by"), _("Department"), _("Answerable")]
    rows = [
        [
            item["number"],
            item["subject"],
            str(Metric(item["metric"]).label),
            wording.span(item["late_s"]) + ("" if item["answered"] else f" ({_('still open')})"),
            local(item["department"]) if item["department"] else "—",
            local(item["person"]) if item["person"] else "—",
        ]
        for item in content["overdue"]
    ]
    return Table("overdue", _("Limits missed by the widest margin"), columns, rows, numbers=99)


def _problems(content: dict[str, Any]) -> Table:
    rows = [[row["title"], wording.number(row["volume"]), wording.number(row["before"])] for row in content["problems"]]
    return Table("problems", _("Most frequent common problems"), [_("Problem"), _("Now"), _("Period before")], rows)
