"""S-4: whatever blank or divider comes before it, text of a table stays text in a spreadsheet."""

import csv
import io

import pytest

from common import cells
from reports import comma
from reports.xlsx import safe

FORMULAS = [
    "=1+1",
    "\u00a0=1+1",
    "\u2003=1+1",
    "\u200b=1+1",
    "\u3000＝1+1",
    "\t=1+1",
    "\r=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(1)",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe_before_it(text: str) -> None:
    assert safe(text).startswith("'")
    assert cells.harmless(text).startswith("'")
    assert cells.as_it_was(cells.harmless_in_csv(text)) == text


@pytest.mark.parametrize("divider", [";", "\t", "|"])
@pytest.mark.parametrize("text", [";=1+1;", "x\t@SUM(1)\t", "x|=1+1|", "x\n-2+3+cmd|' /C calc'!A0\n", "x; +1+1;"])
def test_a_reader_with_another_divider_does_not_cut_a_cell_into_a_formula(text: str, divider: str) -> None:
    told = comma.answer([["name", text]], "x").content.decode("utf-8-sig")
    found = [cell for row in csv.reader(io.StringIO(told), delimiter=divider) for cell in row]
    assert not [cell for cell in found if cell.strip().startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("text", ["小王；小李", "一、漏水\n- 第一次\n- 第二次", "a;b", "1-2;3", "+7.9%", "-3"])
def test_ordinary_text_and_our_figures_stay_as_they_are(text: str) -> None:
    told = comma.answer([[text]], "x").content.decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(told, newline=""))) == [text]
