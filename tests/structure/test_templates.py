"""Every template compiles, and none of them needs what the content policy refuses."""

import ast
import re
from pathlib import Path

import pytest
from django.template import engines

from config.message_ids import ROOT, python_files, template_files

TEMPLATES = sorted(template_files())
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]
FORBIDDEN = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*(?:\ssrc\s*=|type\s*=\s*[\"']application/json))", re.IGNORECASE),
    "a javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "hx-on": re.compile(r"\bhx-on\b", re.IGNORECASE),
    "|safe": re.compile(r"\|\s*safe(?:seq)?\b"),
    "autoescape off": re.compile(r"{%\s*autoescape\s+off"),
    "a dash of ranges for what is not there": re.compile(r"\"–\"|%}–{%|>–<"),
    "another server's file": re.compile(r"<(?:script|link|img)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//"),
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_compiles(path: Path) -> None:
    engines["django"].from_string(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_holds_nothing_inline_and_escapes_everything(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize(
    "line",
    [
        '<p style="color:red">',
        '<button type="button" onclick="go()">',
        "<script>go()</script>",
        "{{ words|safe }}",
        '<script src="https://cdn.example/x.js"></script>',
    ],
)
def test_the_patterns_find_what_they_are_for(line: str) -> None:
    assert any(pattern.search(line) for pattern in FORBIDDEN.values())


def test_texts_are_marked_as_safe_where_components_controls_charts_and_icons_are_drawn_only() -> None:
    allowed = {"common/templatetags/ui.py", "common/charts.py", "common/drawings.py", "common/form_renderer.py"}
    found = {
        path.relative_to(ROOT).as_posix() for path in python_files() if "mark_safe" in path.read_text(encoding="utf-8")
    }
    assert found <= allowed


def kinds_of_notices() -> dict[str, str]:
    """Each kind that some code tells about, with the file; kinds that come in a variable are not seen here."""
    found = {}
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"to_user", "to_address"}:
                kind = node.args[1] if len(node.args) > 1 else None
                if isinstance(kind, ast.Constant):
                    found[str(kind.value)] = path.relative_to(ROOT).as_posix()
    return found


def test_every_notice_has_its_words() -> None:
    wanted = kinds_of_notices()
    assert wanted
    there = {path.stem for path in (ROOT / "templates" / "notices").glob("*.txt")}
    assert {kind: path for kind, path in wanted.items() if kind not in there} == {}


def test_a_person_is_called_as_the_reader_calls_them() -> None:
    """`{{ row.by }}` is the name in the reader's language, `{{ row.by.name }}` the Chinese one."""
    bare = re.compile(r"\b(?:by|owner|user|actor|author|leader|keeper|opener|head|first_contact|person)\.name\b")
    assert [name(path) for path in TEMPLATES if bare.search(path.read_text(encoding="utf-8"))] == []
    assert bare.search("{{ row.by.name }}")
