"""`docs/regulations.md` names every clause, and what it names is there."""

import ast
import re
from functools import cache
from typing import NamedTuple

import pytest

from config.message_ids import ROOT

CLAUSES = re.findall(
    r"\S+",
    """
    A2.1 A2.2 A2.3 A3.1 A3.2 A3.3 A4.1 A4.2 A4.3 A5.1 A5.2 A5.3 A6.1 A6.2 A6.3 A7
    B2.1 B2.2 B3.1 B3.2 B3.3 B3.4 B3.5 B4 B5 B6 B7
    C2.1 C2.2 C2.3 C2.4 C3.1 C3.2 C3.3 C3.4 C4.1 C4.2 C4.3 C4.4 C5.1 C5.2
    D2 D3.1 D3.2 D3.3 D4 D5 D6 D7
    E4 E5 E8.1 E8.2 E8.3 E8.4 E8.5–6 E8.7
    """,
)


class Row(NamedTuple):
    clause: str
    asks_for: str
    modules: list[str]
    tests: list[str]
    state: str


def rows() -> list[Row]:
    found = []
    for line in (ROOT / "docs" / "regulations.md").read_text(encoding="utf-8").splitlines():
        if re.match(r"\| [A-E]\d", line):
            clause, asks_for, modules, tests, state = (cell.strip() for cell in line.strip("|").split("|"))
            found.append(Row(clause, asks_for, re.findall(r"`(.+?)`", modules), re.findall(r"`(.+?)`", tests), state))
    return found


@cache
def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_clause_has_one_row() -> None:
    assert [row.clause for row in rows()] == CLAUSES


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.clause)
def test_what_a_row_names_exists(row: Row) -> None:
    assert [module for module in row.modules if not (ROOT / module).is_file()] == []
    for test in row.tests:
        path, _, name = test.partition("::")
        assert (ROOT / "tests" / path).is_file(), f"there is no tests/{path}"
        assert name in functions_of(path), f"there is no {name} in tests/{path}"


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.clause)
def test_a_state_is_what_the_row_can_show(row: Row) -> None:
    if row.state == "planned":
        assert not row.tests
        return
    assert row.state == "done" or row.state.startswith("part: "), "done, part with what is missing, or planned"
    assert row.modules
    assert row.tests
