"""An id stands once on a page, with those of the frame around it; a second one is never found by label, link or script."""

import re
from collections import Counter

import pytest

from config.message_ids import ROOT

FOLDER = ROOT / "templates"
PAGES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
ID = re.compile(r"(?<![\w-])id=\"([\w-]+)\"|{%\s*dialog \"([\w-]+)\"|\|json_script:\"([\w-]+)\"")
OTHERS = re.compile(r"{%\s*(?:include|extends) \"([^\"]+)\"")
COMMENT = re.compile(r"{#.*?#}")


def text_of(page: str) -> str:
    return COMMENT.sub("", (FOLDER / page).read_text(encoding="utf-8"))


def ids_of(page: str, seen: set[str] | None = None) -> list[str]:
    """Those written out in it, in what it includes by name, and in the frames that it stands in.

    A part included in two branches counts once; what is really there twice, the tests in a browser see.
    """
    seen, text = {page} if seen is None else seen, text_of(page)
    found = ["".join(groups) for groups in ID.findall(text)]
    if page in {"work.html", "public.html", "embed.html"}:
        found.remove("main")  # it fills the block in which `base.html` has its own
    for other in OTHERS.findall(text):
        if other not in seen and (FOLDER / other).is_file():
            seen.add(other)
            found += ids_of(other, seen)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_an_id_is_written_once(page: str) -> None:
    assert [name for name, times in Counter(ids_of(page)).items() if times > 1] == []


def test_the_frame_is_looked_at_too() -> None:
    assert {"main", "words", "top-search"} <= set(ids_of("tickets/queue.html"))


def test_every_way_of_writing_an_id_is_seen() -> None:
    text = '<p id="a"></p>{% panel title id="b" %}{% dialog "c" t %}{{ x|json_script:"d" }}<p data-id="e">'
    assert ["".join(groups) for groups in ID.findall(text)] == ["a", "b", "c", "d"]
