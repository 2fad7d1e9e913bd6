"""Charts as inline SVG: data in, markup and the same data as a table out. No database, no clock, no colours.

Colour comes from CSS classes, so both themes and print work; `ink="static"` writes a fixed palette into the drawing
for PDF engines that do not apply the page's style sheet to SVG. Texts are escaped by the drawing library.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import escape
from typing import Any

import drawsvg
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common.provinces import TILES
from common.scales import Value, across, cut, describe, heat_steps, places_of, reach_of, sayer, ticks, width_of
from common.wording import number

WIDTH = 600  # of the view box: in a half-width panel a text of 12 is then about 12 pixels
FACES = "Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
"""Of a document's text (`report.css`), so that its charts are written alike."""
STATIC: dict[str, dict[str, Any]] = {  # class → attributes, the light theme in print
    "grid": {"stroke": "#dde2e8"},
    "axis": {"stroke": "#7d8896"},
    "band": {"fill": "#ebeef2"},
    "target": {"stroke": "#43505f", "stroke_dasharray": "5 3"},
    "ghost": {"stroke": "#7d8896", "stroke_width": 1.5, "stroke_dasharray": "2 3", "fill": "none"},
    "series": {"stroke": "#0f766e", "stroke_width": 2, "fill": "none"},
    "dot": {"stroke": "#0f766e", "stroke_width": 2, "fill": "#fff"},
    "bad-dot": {"fill": "#bf2f17"},
    "fill": {"fill": "#0f766e"},
    "text": {"fill": "#5a6675", "font_family": FACES},
    "strong": {"fill": "#17202b", "font_weight": 600, "font_family": FACES},
    "out": {"fill": "#bf2f17", "font_weight": 600, "font_family": FACES},
    "on": {"fill": "#fff", "font_family": FACES},
    "h0": {"fill": "#f5f7f9"},
    "h1": {"fill": "#e3f1ef"},
    "h2": {"fill": "#c6e2de"},
    "h3": {"fill": "#9bcbc5"},
    "h4": {"fill": "#6bafa8"},
    "h5": {"fill": "#0f766e"},
}
SERIES = ("#0f766e", "#c77700", "#2f3f94", "#d0533b", "#3f8fc4", "#7c2f6c", "#6c7a1c", "#5a6675")


class Link(drawsvg.DrawingParentElement):
    """A shape that leads somewhere; the address must come escaped, attributes are written as they are."""

    TAG_NAME = "a"


@dataclass(frozen=True)
class Chart:
    """What `{% chart %}` draws: the picture, and the table beneath it."""

    title: str
    svg: SafeString
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    wide: bool = False  # over the whole page
    small: bool = False  # fits a phone as it is


@dataclass
class Plot:
    """A frame with a linear value axis. `ink` is "live" (classes) or "static" (attributes)."""

    title: str
    desc: str
    height: int
    low: float
    high: float
    ink: str = "live"
    left: int = 52
    right: int = 108
    top: int = 14
    bottom: int = 26
    width: int = WIDTH
    drawing: drawsvg.Drawing = field(init=False)

    def __post_init__(self):
        self.drawing = canvas(self.width, self.height, self.title, self.desc)
        self.put = partial(put, self.drawing, self.ink)

    def y(self, value: float) -> float:
        inner = self.height - self.top - self.bottom
        return round(self.top + inner * (1 - (value - self.low) / (self.high - self.low)), 1)

    def line(self, classes: str, at: float) -> None:
        self.put(drawsvg.Line, self.left, self.y(at), self.width - self.right, self.y(at), classes=classes)

    def text(self, words: str, x: float, y: float, classes: str = "text", anchor: str = "start") -> None:
        self.put(drawsvg.Text, words, 12, x, y, classes=classes, text_anchor=anchor)

    def guides(self, steps: Sequence[float], say: Callable[[Value], str]) -> None:
        for step in steps:
            self.line("axis" if step == 0 else "grid", step)
            self.text(say(step), self.left - 8, self.y(step) + 4, anchor="end")

    def labels_at_end(self, wanted: list[tuple[float, str, str]]) -> None:
        """Direct labels right of the lines, pushed apart so that they never overlap."""
        spots, place = [], float(self.top)
        for y, words, classes in sorted(wanted):
            place = max(y, place)
            spots.append((place, words, classes))
            place += 15
        over = max(0.0, place - 15 - (self.height - self.bottom))
        for y, words, classes in spots:
            self.text(words, self.width - self.right + 8, round(y - over, 1) + 4, classes)


def line_chart(
    title: str,
    labels: Sequence[str],
    series: Mapping[str, Sequence[Value]],
    *,
    desc: str = "",
    previous: Sequence[Value] | None = None,
    target: float | None = None,
    band: tuple[float, float] | None = None,
    mean: float | None = None,
    places: int = 0,
    unit: str = "",
    height: int = 240,
    width: int = WIDTH,
    from_zero: bool = False,
    running: bool = False,
    first: str = "",
    ink: str = "live",
) -> Chart:
    """Lines over time. `previous` is last period as a ghost, `target` a dashed line, `band` the control limits:
    points outside it are marked, but the last known one when it is still `running`. Gaps stay gaps.
    Give `width=1100` to a chart over the whole page.
    """
    say = sayer(places, unit)
    values = [v for row in series.values() for v in row if v is not None]
    extra = [v for v in (*(previous or ()), target, mean, *(band or ())) if v is not None]
    steps = ticks(*reach_of(values + extra, from_zero), whole=not places and not unit)
    plot = Plot(title, desc or describe(labels, series, say), height, steps[0], steps[-1], ink, width=width)
    xs = across(len(labels), plot.left + 8, plot.width - plot.right)
    if band:
        plot.put(
            drawsvg.Rectangle,
            plot.left,
            plot.y(band[1]),
            plot.width - plot.right - plot.left,
            round(plot.y(band[0]) - plot.y(band[1]), 1),
            classes="band",
        )
    plot.guides(steps, sayer(places_of(steps), ""))
    ends: list[tuple[float, str, str]] = []
    for at, word in ((target, _("Target")), (mean, _("Mean"))):
        if at is not None:
            plot.line("target", at)
            ends.append((plot.y(at), f"{word} {say(at)}", "text"))
    for at, word in zip(band or (), (_("Lower limit"), _("Upper limit")), strict=False):
        ends.append((plot.y(at), f"{word} {say(at)}", "text"))
    if previous:
        _draw_path(plot, xs, previous, "ghost")
        ends += _end(plot, previous, _("Last period"), say, "text")
    for index, (name, row) in enumerate(series.items(), start=1):
        _draw_path(plot, xs, row, f"series c{index}")
        last = max((i for i, value in enumerate(row) if value is not None), default=-1)
        for place, (x, value) in enumerate(zip(xs, row, strict=False)):
            if value is None:
                continue
            out = band and not band[0] <= value <= band[1] and not (running and place == last)
            if out or len(labels) <= 31:
                plot.put(
                    drawsvg.Circle, x, plot.y(value), 4 if out else 3, classes="bad-dot" if out else f"dot c{index}"
                )
            if out:
                plot.text(say(value), x, plot.y(value) - 8, "out", "middle")
        ends += _end(plot, row, name, say, "strong")
    plot.labels_at_end(ends)
    every = max(1, math.ceil(len(labels) / 12))
    for index, (x, label) in enumerate(zip(xs, labels, strict=True)):
        if index % every == 0:
            plot.text(label, x, height - 8, anchor="middle")
    columns = [first, *series, *([_("Last period")] if previous else [])]
    matrix = [*series.values(), *([previous] if previous else [])]
    rows = [[label, *(say(row[i]) if i < len(row) else "—" for row in matrix)] for i, label in enumerate(labels)]
    return Chart(title, markup(plot.drawing, "full" if width > 800 else ""), columns, rows, wide=width > 800)


def bar_chart(
    title: str,
    bars: Sequence[tuple[str, Value]],
    *,
    desc: str = "",
    previous: Sequence[Value] | None = None,
    target: float | None = None,
    links: Sequence[str] | None = None,
    places: int = 0,
    unit: str = "",
    width: int = WIDTH,
    first: str = "",
    ink: str = "live",
) -> Chart:
    """Lying bars from zero, each with its name before and its figure behind; last period as a ghost outline.
    Give `width=320` to a chart in a side column: it is then never scrolled.
    """
    say = sayer(places, unit)
    values = [value for _name, value in bars if value is not None]
    top = max([*values, *(v for v in previous or () if v is not None), target or 0, 1e-9])
    name_width = min(220, max([60, *(width_of(name) for name, _value in bars)]) + 12)
    height = 30 * len(bars) + (26 if target is not None else 8)
    words = desc or describe([name for name, _value in bars], {title: [value for _name, value in bars]}, say)
    narrow = width < WIDTH
    plot = Plot(title, words, height, 0, 1, ink, left=name_width, right=56 if narrow else 100, width=width)
    reach = plot.width - plot.left - plot.right
    for index, (name, value) in enumerate(bars):
        y = 30 * index + 6
        length = round(reach * (value or 0) / top, 1)
        plot.text(cut(name, name_width - 12), plot.left - 8, y + 15, "strong", "end")
        parent = plot.drawing
        if links and links[index]:
            parent = Link(href=escape(links[index]))
            plot.drawing.append(parent)
        put(parent, ink, drawsvg.Rectangle, plot.left, y, max(length, 0.5), 20, classes="fill")
        before = previous[index] if previous else None
        if before is not None:
            x = round(plot.left + reach * before / top, 1)
            plot.put(drawsvg.Line, x, y - 2, x, y + 22, classes="ghost")
            length = max(length, x - plot.left)
        plot.text(say(value), round(plot.left + length + 8, 1), y + 15, "strong")
    plot.put(drawsvg.Line, plot.left, 2, plot.left, 30 * len(bars) + 2, classes="axis")
    if target is not None:
        x = round(plot.left + reach * target / top, 1)
        plot.put(drawsvg.Line, x, 2, x, 30 * len(bars) + 2, classes="target")
        plot.text(f"{_('Target')} {say(target)}", x, height - 6, anchor="middle")
    columns = [first, title, *([_("Last period")] if previous else [])]
    rows = [[name, say(value), *([say(previous[i])] if previous else [])] for i, (name, value) in enumerate(bars)]
    return Chart(title, markup(plot.drawing), columns, rows, small=narrow)


def spark(
    values: Sequence[Value], *, previous: Sequence[Value] | None = None, target: float | None = None
) -> SafeString:
    """The small line of a figure tile; decoration, the tile tells the figures. Both lines share one scale of time,
    so that a period that still runs ends where it stands.
    """
    steps = max(len(values), len(previous or ()))
    known = [v for v in (*values, *(previous or ()), target) if v is not None]
    if len([v for v in values if v is not None]) < 2:
        return mark_safe("")
    low, high = min(known), max(known)
    plot = Plot("", "", 28, low, high if high > low else low + 1, left=0, right=0, top=3, bottom=3, width=240)
    if target is not None:
        plot.line("target", target)
    if previous:
        _draw_path(plot, across(steps, 0, 240)[: len(previous)], previous, "ghost")
    _draw_path(plot, across(steps, 0, 240)[: len(values)], values, "series")
    return markup(plot.drawing, "spark", decoration=True)


def tile_map(
    title: str,
    values: Mapping[str, Value],
    *,
    desc: str = "",
    links: Mapping[str, str] | None = None,
    english: bool = False,
    places: int = 0,
    unit: str = "",
    ink: str = "live",
) -> Chart:
    """34 provinces as equal tiles by GB/T 2260 code, so that small ones are as easy to see and to hit as large ones."""
    say = sayer(places, unit)
    shades = heat_steps([values.get(code) for code in TILES])
    drawing = canvas(450, 400, title, desc or title)
    rows = []
    for code, tile in TILES.items():
        value = values.get(code)
        shade = shades(value)
        name = tile.english if english else tile.name
        x, y = (tile.column - 1) * 50, (tile.row - 1) * 50
        parent = drawing
        if links and links.get(code):
            parent = Link(href=escape(links[code]))
            drawing.append(parent)
        box = put(parent, ink, drawsvg.Rectangle, x + 1, y + 1, 48, 48, rx=4, classes=f"h{shade}")
        box.append_title(_("%(label)s: %(text)s") % {"label": name, "text": say(value)})
        tone = "on" if shade == 5 else "strong" if ink == "static" else ""
        short = tile.abbreviation if english else tile.short
        put(parent, ink, drawsvg.Text, short, 17, x + 25, y + 21, classes=tone, text_anchor="middle")
        put(parent, ink, drawsvg.Text, say(value, bare=True), 15, x + 25, y + 40, classes=tone, text_anchor="middle")
        rows.append((value if value is not None else -1, [name, say(value)]))
    rows.sort(key=lambda row: (-row[0], row[1][0]))
    return Chart(title, markup(drawing, "map"), [_("Region"), title], [row for _value, row in rows], small=True)


def heat_table(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[Value]]], *, places: int = 0) -> dict:
    """Cells with their shade, for `ui/heat.html`: {columns, rows: [{name, cells: [{text, shade}], sum}]}."""
    shades = heat_steps([value for _name, row in rows for value in row])
    return {
        "columns": columns,
        "rows": [
            {
                "name": name,
                "cells": [{"text": number(value, places), "shade": shades(value)} for value in row],
                "sum": number(sum(v for v in row if v is not None), places),
            }
            for name, row in rows
        ],
    }


def _draw_path(plot: Plot, xs: Sequence[float], row: Sequence[Value], classes: str) -> None:
    steps, pen = [], "M"
    for x, value in zip(xs, row, strict=False):
        if value is None:
            pen = "M"
        else:
            steps.append(f"{pen}{x} {plot.y(value)}")
            pen = "L"
    if steps:
        plot.put(drawsvg.Path, "".join(steps), classes=classes)


def _end(plot: Plot, row: Sequence[Value], name: str, say, classes: str) -> list[tuple[float, str, str]]:
    last = next((v for v in reversed(row) if v is not None), None)
    return [] if last is None else [(plot.y(last), f"{name} {say(last)}", classes)]


# --- drawing ----------------------------------------------------------------------------------------
def canvas(width: int, height: int, title: str, desc: str) -> drawsvg.Drawing:
    drawing = drawsvg.Drawing(width, height, id_prefix="")
    drawing.words = (title, desc)
    return drawing


def put(parent, ink: str, shape, *args, classes: str = "", **attributes):
    """Add a shape by its class, or, for static ink, by the attributes that class stands for."""
    if ink == "static":
        first, *rest = classes.split() or [""]
        attributes = {**STATIC.get(first, {}), **attributes}
        index = next((int(c[1:]) for c in rest if c[0] == "c" and c[1:].isdigit()), 1)
        if index > 1:
            attributes["stroke"] = SERIES[(index - 1) % len(SERIES)]
    elif classes:
        attributes["class_"] = classes
    element = shape(*args, **attributes)
    parent.append(element)
    return element


def markup(drawing: drawsvg.Drawing, classes: str = "", *, decoration: bool = False) -> SafeString:
    """The inline form: a view box instead of a size, a name and a description instead of namespaces and a header."""
    inner = drawing.as_svg(header="", skip_css=True, skip_js=True).split(">", 1)[1]
    inner = inner.replace("<defs>\n</defs>", "", 1).replace("xlink:href=", "href=").replace("\n", "")
    title, desc = drawing.words
    box = f'viewBox="0 0 {drawing.width} {drawing.height}"'
    if decoration:
        head = f'<svg class="chart {classes}" {box} preserveAspectRatio="none" aria-hidden="true">'
    else:
        head = (
            f'<svg class="chart {classes}" {box} role="{"group" if "<a " in inner else "img"}" '
            f'aria-label="{escape(title)}"><title>{escape(title)}</title><desc>{escape(desc)}</desc>'
        )
    return mark_safe(head + inner)
