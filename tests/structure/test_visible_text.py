"""What people read comes from gettext: no visible word stands bare in a page."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from config.message_ids import ROOT, template_files

PAGES = sorted(path for path in template_files() if path.suffix == ".html")
SPOKEN = {"alt", "title", "placeholder", "aria-label", "aria-description", "label", "data-label", "content"}
WORDS = re.compile(r"[A-Za-z]{2,}|[㐀-鿿]")
KEPT = {  # proper names and codes that are the same in every language
    "Huisheng", "回声", "中文", "English", "Ctrl", "Esc", "Enter", "CSV", "XLSX", "PDF", "DOCX", "API", "QR",
    "L1", "L2", "L3", "Tab", "Shift", "Alt", "Q",
}  # fmt: skip
TRANSLATED = re.compile(r"{%-?\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
COMMENTS = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}", re.DOTALL)
NAMES = {"templates/ui/states.html": {"王女士", "林知夏", "周景行"}}  # people of the specimens
BODY_CLASS = re.compile(r"{%\s*block body_class\s*%}.*?{%\s*endblock\s*%}")
TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)


class Reader(HTMLParser):
    """Collects texts and spoken attributes of a page whose template tags are taken out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.bare: list[str] = []
        self.silent = 0
        self.kind = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.silent += tag in {"script", "style"}
        spoken = SPOKEN - ({"content"} if tag == "meta" else set())
        for key in spoken & given.keys():
            self.look_at(given[key] or "")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.look_at(data)

    def look_at(self, text: str) -> None:
        rest = text
        for kept in KEPT:
            rest = re.sub(rf"(?<![A-Za-z]){re.escape(kept)}(?![A-Za-z])", " ", rest)
        if WORDS.search(rest):
            self.bare.append(text.strip())


def bare_words(template: str) -> list[str]:
    page = TAGS.sub("", BODY_CLASS.sub("", TRANSLATED.sub("", COMMENTS.sub("", template))))
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader.bare


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_holds_no_bare_words(path: Path) -> None:
    allowed = NAMES.get(path.relative_to(ROOT).as_posix(), set())
    assert [words for words in bare_words(path.read_text(encoding="utf-8")) if words not in allowed] == []


def test_bare_words_are_found() -> None:
    assert bare_words("<p>Hello {{ name }}</p>") == ["Hello"]
    assert bare_words('<input placeholder="您的姓名">') == ["您的姓名"]
    assert bare_words('<p>{% translate "Hello" %} <kbd>Ctrl</kbd> {# a remark #}</p>') == []
    assert bare_words("<p>{% blocktranslate %}Hello{% endblocktranslate %}</p>") == []
