"""Modules fit a reader's head, functions a screen, and names say what a module holds."""

import ast
from pathlib import Path

import pytest

from config.message_ids import APPS, ROOT

MODULE, FUNCTION = 400, 60  # lines
SPECIMENS = "common/specimens.py"  # its one function is a table of examples
DICTATED = "common/postgres/base.py"  # the name by which Django looks for the connection of an ENGINE
VAGUE = {"utils", "util", "helpers", "helper", "base", "manager", "managers", "misc", "tools", "stuff"}

SOURCES = sorted(
    path
    for folder in (*APPS, "tests")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts and path.stat().st_size
)


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Of the body: what a function takes, and its docstring, are reading matter."""
    first = node.body[1:2] or node.body if ast.get_docstring(node) is not None else node.body
    return (node.end_lineno or node.lineno) - first[0].lineno + 1


def test_the_sources_are_found() -> None:
    assert len(SOURCES) > 100


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_is_short_and_well_named(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MODULE, "split it by verb family or behaviour"
    assert path.stem not in VAGUE or path == ROOT / DICTATED, "say what it holds"
    if path == ROOT / SPECIMENS:
        return
    long = {
        node.name: lines_of(node)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and lines_of(node) > FUNCTION
    }
    assert not long, f"functions longer than {FUNCTION} lines"
