"""Whoever runs it finds every setting and every command in words."""

import re
from pathlib import Path

import pytest

from config.message_ids import APPS, ROOT

OPERATIONS = ROOT / "docs" / "operations.md"
READ = re.compile(r"env(?:\.\w+)?\(\s*[\"']([A-Z][A-Z0-9_]+)[\"']|environ(?:\.get|\.setdefault)?[\[(]\s*[\"']([A-Z_]+)")
NOT_OURS = {
    "DJANGO_SETTINGS_MODULE",
    "PYTHONWARNINGS",
    "PYTHONUNBUFFERED",
    "MAKELEVEL",
    "PATH",
    "HOME",
    "PYTHONPATH",
    "XDG_CACHE_HOME",
}


def settings_read() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "config").rglob("*.py"):
        found |= {first or second for first, second in READ.findall(path.read_text(encoding="utf-8"))}
    return found - NOT_OURS


def commands() -> list[Path]:
    return sorted(
        path
        for app in APPS
        for path in (ROOT / app / "management" / "commands").glob("*.py")
        if not path.stem.startswith("_")
    )


def test_the_settings_are_found() -> None:
    assert {"DATABASE_URL", "SECRET_KEY", "HUISHENG_DATA"} <= settings_read()


@pytest.mark.parametrize("name", sorted(settings_read()))
def test_a_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in OPERATIONS.read_text(encoding="utf-8")


def test_no_setting_is_documented_that_nobody_reads() -> None:
    table = OPERATIONS.read_text(encoding="utf-8").partition("## Settings")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)`", table, re.MULTILINE)) <= settings_read()


@pytest.mark.parametrize("path", commands(), ids=lambda path: path.stem)
def test_a_command_is_documented(path: Path) -> None:
    assert f"`{path.stem}`" in OPERATIONS.read_text(encoding="utf-8")


def test_no_command_is_documented_that_does_not_exist() -> None:
    table = OPERATIONS.read_text(encoding="utf-8").partition("## Commands")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) <= {path.stem for path in commands()}
