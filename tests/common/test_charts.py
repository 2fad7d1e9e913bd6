"""Charts: honest axes, labels on the lines, gaps that stay gaps, a table beneath, and no hostile text."""

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from common import charts, scales
from common.provinces import TILES

HOSTILE = '"><script>alert(1)</script>'


def parsed(chart) -> ET.Element:
    return ET.fromstring(str(chart.svg))


def every_chart(name: str, ink: str = "live"):
    yield charts.line_chart(
        name, [name, "b"], {name: [1, 2]}, previous=[2, 1], target=2, band=(0, 1), unit=name, ink=ink
    )
    yield charts.bar_chart(
        name, [(name, 3), ("b", None)], links=["/?q=" + name, ""], target=2, previous=[1, None], ink=ink
    )
    yield charts.tile_map(name, {"33": 4}, links={"33": "/?q=" + name}, unit=name, ink=ink)


@pytest.mark.parametrize("ink", ["live", "static"])
def test_hostile_text_stays_text_and_the_drawing_is_well_formed(ink):
    for chart in every_chart(HOSTILE, ink):
        assert "<script" not in chart.svg
        assert parsed(chart).find("title").text == HOSTILE


def test_live_charts_hold_no_style_and_no_colour():
    for chart in every_chart("x"):
        assert "style" not in chart.svg and "#" not in chart.svg


def test_static_charts_carry_their_palette():
    assert all("#0f766e" in chart.svg for chart in every_chart("x", "static"))


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_ticks_enclose_the_figures_with_few_even_steps(low, reach):
    steps = scales.ticks(low, low + reach)
    assert steps[0] <= low + 1e-3 and steps[-1] >= low + reach - 1e-3
    assert 2 <= len(steps) <= 8


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_what_is_counted_has_whole_steps(low, reach):
    steps = scales.ticks(low, low + reach, whole=True)
    assert all(float(step).is_integer() for step in steps)
    assert steps[0] <= low and steps[-1] >= low + reach and 2 <= len(steps) <= 8


def test_bars_start_at_zero_and_keep_proportion():
    chart = charts.bar_chart("x", [("a", 50), ("b", 100)])
    half, whole = (float(bar.get("width")) for bar in parsed(chart).iter("rect") if bar.get("class") == "fill")
    assert whole == pytest.approx(2 * half, abs=0.2)


def test_a_missing_figure_breaks_the_line_and_reads_as_a_dash():
    chart = charts.line_chart("x", ["a", "b", "c"], {"s": [1, None, 3]})
    line = next(path for path in parsed(chart).iter("path") if "series" in path.get("class"))
    assert line.get("d").count("M") == 2
    assert chart.rows[1] == ["b", "—"]


def test_labels_on_the_lines_never_overlap():
    chart = charts.line_chart("x", ["a", "b"], {"s": [5, 5], "t": [5, 5]}, previous=[5, 5], target=5)
    texts = [text for text in parsed(chart).iter("text") if text.get("text-anchor") == "start"]
    ends = sorted(float(text.get("y")) for text in texts)
    assert len(ends) == 4
    assert all(below - above >= 15 for above, below in pairwise(ends))


def test_points_beyond_the_control_limits_are_marked():
    chart = charts.line_chart("x", ["a", "b"], {"s": [5, 50]}, band=(0, 10), mean=5)
    assert [dot.get("class") for dot in parsed(chart).iter("circle")] == ["dot c1", "bad-dot"]


def test_a_chart_without_figures_still_draws_and_says_so():
    with translation.override("en"):
        chart = charts.line_chart("x", ["a"], {"s": [None]})
    assert parsed(chart).find("desc").text == "No figures"


def test_every_chart_tells_the_same_figures_as_a_table():
    with translation.override("en"):
        chart = charts.bar_chart("Number", [("a", 1234)], previous=[1000])
    assert list(chart.columns) == ["", "Number", "Last period"]
    assert chart.rows == [["a", "1,234", "1,000"]]


def test_the_map_has_34_provinces_each_on_its_own_tile_and_sorts_its_table():
    assert len(TILES) == 34
    assert len({(tile.row, tile.column) for tile in TILES.values()}) == 34
    chart = charts.tile_map("x", {"33": 4, "44": 9})
    assert [row[0] for row in chart.rows[:2]] == ["广东", "浙江"]


def test_heat_is_white_for_nothing_and_darkest_for_the_most():
    shades = scales.heat_steps([0, 1, 100, None])
    assert [shades(v) for v in (None, 0, 1, 50, 100)] == [0, 0, 1, 3, 5]


def test_a_spark_needs_two_figures_and_is_hidden_from_screen_readers():
    assert charts.spark([1, None]) == ""
    assert 'aria-hidden="true"' in charts.spark([1, 2])
