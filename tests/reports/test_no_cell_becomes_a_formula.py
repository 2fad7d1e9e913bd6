"""S-4: whatever blank or divider comes before it, text of a table stays text in a spreadsheet."""

import csv
import io

import pytest

from feedback.imports import sheets
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
    assert sheets.harmless(text).startswith("'")


def test_a_reader_that_divides_at_semicolons_does_not_cut_a_cell_into_a_formula() -> None:
    told = comma.answer([["name", "小王;=1+1"]], "x").content.decode("utf-8-sig")
    assert told == '"name","小王;=1+1"\r\n'
    assert [cell for row in csv.reader(io.StringIO(told)) for cell in row] == ["name", "小王;=1+1"]
