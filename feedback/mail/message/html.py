"""The text of an HTML mail, laid out as a browser would, with quoted replies marked as in plain mail (`> `)."""

import re
from html import unescape

import lxml.html
from lxml import etree

LONGEST = 3_000_000
DEEPEST_QUOTE = 20
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_CODE = re.compile(r"<(?:script|style)(?=[\s/>])(?:(?!</(?:script|style)).)*+", re.DOTALL | re.IGNORECASE)
_MARKUP = re.compile(  # each piece is gone over once, whatever is never closed
    r"<!--(?:[^-]|-(?!->))*+(?:-->)?|<[!?][^>]*+>?"
    r"|<(/?[a-zA-Z][^\s/<>]*+)(?:=\s*+(?:\"[^\"]*+\"|'[^']*+')|[^>])*+>?"
)
_GONE = {"script", "style", "head", "title", "template", "object", "noframes", "svg", "map", "select", "textarea"}
_APART = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "dl", "table", "pre", "figure"}
_LINES = {
    "div", "tr", "li", "dt", "dd", "hr", "section", "article", "header", "footer", "form", "fieldset", "address", "center", "main",
    "nav", "aside", "caption", "thead", "tbody", "tfoot", "body", "details", "summary",
}  # fmt: skip
_WHITE = re.compile(r"[ \t\r\n\f\v]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def meta_charset(page: bytes) -> str:
    found = _META.search(page[:4096])
    return found[1].decode("ascii") if found else ""


def to_text(page: str) -> str:
    """What a person would read. Nothing in it runs; a page that no parser takes loses its tags, not its words."""
    page = _MARKUP.sub(bare, page[:LONGEST].replace("\0", ""))
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree = lxml.html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
        if not any(error.level_name == "FATAL" for error in parser.error_log) and (text := of_tree(tree)):
            return text
    except (etree.ParserError, etree.ParseError, ValueError, RecursionError, AssertionError):
        pass
    return _BLANK_LINES.sub("\n\n", unescape(_TAG.sub(" ", _CODE.sub(" ", page)))).strip()


def bare(found: re.Match[str]) -> str:
    """A tag alone: parsers take long for a hundred thousand attributes, of which no text is made."""
    return f"<{found[1]}>" if found[1] else ""


def of_tree(tree: lxml.html.HtmlElement) -> str:
    page = _Page()
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, node in walk:
        if event == "end":
            page.close(node.tag)
            page.write(node.tail or "")
        elif node.tag in _GONE:
            walk.skip_subtree()
        else:
            page.open(node.tag)
            page.write(node.text or "")
    return page.text()


class _Page:
    """Lines as they fill. White space counts once; words of one line are never pulled apart, as Chinese has no blanks."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []  # of the one that fills
        self._filled = False
        self._quotes = 0
        self._verbatim = 0

    def open(self, tag: str) -> None:
        if tag == "br":
            self._end(self._mark())
        elif tag in {"td", "th"} and self._filled:
            self._line.append(" ")
        elif tag in _APART or tag in _LINES:
            self._break(apart=tag in _APART)
        self._quotes += tag == "blockquote"
        self._verbatim += tag == "pre"

    def close(self, tag: str) -> None:
        if tag in _APART or tag in _LINES:
            self._break(apart=tag in _APART)
        self._quotes -= tag == "blockquote"
        self._verbatim -= tag == "pre"

    def write(self, words: str) -> None:
        if self._verbatim:
            first, *more = words.split("\n")
            self._add(first)
            for line in more:
                self._end(self._mark())
                self._add(line)
            return
        words = _WHITE.sub(" ", words)
        if not self._filled or self._line[-1].endswith(" "):
            words = words.lstrip(" ")
        self._add(words)

    def _add(self, words: str) -> None:
        if words:
            if not self._filled:
                self._line = [self._mark()]
            self._line.append(words)
            self._filled = self._filled or bool(words.strip("> "))

    def _mark(self) -> str:
        return "> " * min(self._quotes, DEEPEST_QUOTE)

    def _end(self, begun: str = "") -> None:
        """The line is full; the next begins with its mark."""
        self._lines.append("".join(self._line).rstrip())
        self._line, self._filled = [begun], False

    def _break(self, *, apart: bool) -> None:
        if self._filled:
            self._end()
        if apart and self._lines and self._lines[-1].strip("> "):
            self._line = [self._mark()]
            self._end()

    def text(self) -> str:
        self._end()
        return _BLANK_LINES.sub("\n\n", "\n".join(self._lines).replace("\u00a0", " ")).strip()
