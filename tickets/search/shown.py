"""What a found ticket shows of the search: the words marked in the subject, and where else they stand. Permission is the list's."""

import unicodedata
from collections.abc import Iterable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tickets.models import Message
from tickets.search import operators as search_operators
from tickets.search import terms as search_terms

BEFORE, AFTER = 14, 60


def words_of(text: str) -> list[str]:
    """What was searched for, without the conditions among it; longest first, so that the longer word is marked."""
    asked = search_operators.read(text).text
    return sorted({run for run, _chinese in search_terms.runs(asked)}, key=lambda run: (-len(run), run))


def spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where words stand in a text, in its own characters: full width and capitals are found as the search finds them."""
    folded: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(text):
        for part in unicodedata.normalize("NFKC", char).lower():
            folded.append(part)
            origin.append(place)
    flat = "".join(folded)
    found: list[tuple[int, int]] = []
    for word in words:
        at = flat.find(word)
        while at >= 0 and len(found) < 50:
            found.append((origin[at], origin[at + len(word) - 1] + 1))
            at = flat.find(word, at + len(word))
    kept: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if kept and start <= kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


def marked(text: str, words: Sequence[str]) -> SafeString:
    """The text as HTML, escaped, with each word in a `mark`."""
    pieces, at = [], 0
    for start, end in spans(text, words):
        pieces += [text[at:start], format_html("<mark>{}</mark>", text[start:end])]
        at = end
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, text[at:]]))


def snippet(text: str, words: Sequence[str]) -> SafeString:
    """The stretch of a text around the first word, marked; empty when none stands in it."""
    found = spans(text, words)
    if not found:
        return SafeString("")
    begin = max(0, found[0][0] - BEFORE)
    end = min(len(text), found[0][1] + AFTER)
    stretch = " ".join(text[begin:end].split())
    return SafeString("…" * (begin > 0)) + marked(stretch, words) + SafeString("…" * (end < len(text)))


def snippets(rows: Iterable[tuple[int, str, str]], words: Sequence[str]) -> dict[int, SafeString]:
    """By ticket id, where the words stand beside the subject: in the content, else in the latest message that holds one.

    `rows`: id, subject, content of tickets on the page. One query when something stands in neither.
    """
    found: dict[int, SafeString] = {}
    missing = []
    for pk, subject, content in rows:
        if said := snippet(content, words):
            found[pk] = said
        elif not spans(subject, words):
            missing.append(pk)
    if missing and words:
        longest = words[0]
        said_later = Message.objects.filter(ticket__in=missing, text__icontains=longest).order_by("at", "pk")
        for pk, text in said_later.values_list("ticket_id", "text"):
            if said := snippet(text, words):
                found[pk] = said
    return found
