"""The five layers that every page loads stay small; who shows figures, sheets or the composer loads their styles beside."""

import re

import pytest

from config.message_ids import ROOT

STYLES, TEMPLATES = ROOT / "static" / "css", ROOT / "templates"
LAYERS = ("tokens", "base", "layout", "components", "print")
LIMIT = 40 * 1024
BESIDE = re.compile(
    r"class=\"[^\"]*\b(?:tile|tiles|heat|map|scale|value|vs|figures|csv|figure|chart|sheet|kpis|sign|hash)(?= |\"|{)[^\"]*\""
    r"|{% (?:chart|heat) "
)
OF_A_CASE = re.compile(r"class=\"[^\"]*\b(?:composer|duestrip|clock|why|asks)(?= |\"|{)[^\"]*\"")
OTHERS = re.compile(r"{%\s*include \"([^\"]+)\"")
PAGES = sorted(
    path.relative_to(TEMPLATES).as_posix()
    for path in TEMPLATES.rglob("*.html")
    if re.search(r"{% extends \"(?:work|public)\.html\" %}", path.read_text(encoding="utf-8"))
)


def whole(page: str) -> str:
    """A page with what it includes by name."""
    text = (TEMPLATES / page).read_text(encoding="utf-8")
    return text + "".join(whole(other) for other in OTHERS.findall(text) if (TEMPLATES / other).is_file())


def test_the_layers_of_every_page_stay_under_forty_kilobytes() -> None:
    assert sum((STYLES / f"{layer}.css").stat().st_size for layer in LAYERS) < LIMIT


@pytest.mark.parametrize("page", PAGES)
def test_who_shows_something_special_loads_its_styles(page: str) -> None:
    text = whole(page)
    assert not BESIDE.search(text) or "css/figures.css" in text
    assert not OF_A_CASE.search(text) or "css/case.css" in text


def test_both_kinds_are_there() -> None:
    assert 8 < sum(bool(BESIDE.search(whole(page))) for page in PAGES) < len(PAGES) / 2
