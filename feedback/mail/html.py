"""The text of an HTML mail, with quoted replies marked as in plain mail (`> `)."""

import re
from html import unescape

import html_text
import lxml.html
from lxml import etree

LONGEST = 3_000_000
_QUOTE_OPENS, _QUOTE_CLOSES = "\ue000", "\ue001"
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)\s*>|<[^<>]{0,2000}>", re.DOTALL | re.IGNORECASE)
_GONE = ("script", "style", "head", "title", "template", "object", "noframes", "svg")
_BLANK_LINES = re.compile(r"\n{3,}")


def meta_charset(page: bytes) -> str:
    found = _META.search(page[:4096])
    return found[1].decode("ascii") if found else ""


def to_text(page: str) -> str:
    """What a person would read. Nothing in it runs; a page that no parser takes loses its tags, not its words."""
    page = page[:LONGEST].replace("\0", "")
    try:
        tree = lxml.html.document_fromstring(
            page.encode("utf-8", "replace"), parser=lxml.html.HTMLParser(encoding="utf-8")
        )
        if text := of_tree(tree):
            return text
    except (etree.ParserError, etree.ParseError, ValueError, RecursionError, AssertionError):
        pass
    return bare(page)


def bare(page: str) -> str:
    """Without a parser, which leaves out what lies too deep."""
    return _BLANK_LINES.sub("\n\n", unescape(_TAG.sub(" ", page))).strip()


def of_tree(tree: lxml.html.HtmlElement) -> str:
    for node in list(tree.iter(*_GONE)):
        node.drop_tree()
    for quote in tree.iter("blockquote"):
        quote.text = _QUOTE_OPENS + (quote.text or "")
        if len(quote):
            quote[-1].tail = (quote[-1].tail or "") + _QUOTE_CLOSES
        else:
            quote.text += _QUOTE_CLOSES
    for rule in list(tree.iter("hr")):
        rule.text = ""
    return quoted(html_text.etree_to_text(tree, guess_punct_space=False, guess_layout=True))


def quoted(text: str) -> str:
    """Lines between the marks get their `> `, one for each level."""
    lines, level = [], 0
    for line in text.split("\n"):
        opened = level + line.count(_QUOTE_OPENS)
        words = line.replace(_QUOTE_OPENS, "").replace(_QUOTE_CLOSES, "").strip()
        shown = opened if words else min(level, opened)
        lines.append(("> " * shown + words).rstrip() if shown else words)
        level = max(0, opened - line.count(_QUOTE_CLOSES))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
