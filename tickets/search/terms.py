"""The terms by which a text is found, Chinese and Latin alike. Pure.

Chinese (and Japanese, Korean) runs become overlapping pairs of characters and the characters themselves, so that any run
of one or more characters inside can be asked for. Words with digits become all their endings of three or more
characters, so that the last digits of a phone number find it. Other words stay whole; queries ask by prefix.
"""

import re
from datetime import UTC, date, datetime
from operator import add

from common.text import fold

_CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_RUN = re.compile(f"(?P<cjk>[{_CJK}]+)|(?P<word>[^\\W_{_CJK}]+)")
LONGEST = 64
LONGEST_ENDING = 24
MOST_BYTES = 500_000
PERSONAL = "@"
"""Stands before the terms of personal text, and in no other."""
DAY = "#"
"""Stands before the day and the month of receipt, and in no other term."""


def runs(text: str) -> list[tuple[str, bool]]:
    """The folded text's words and Chinese runs, each with whether it is Chinese."""
    return runs_of(fold(text))


def runs_of(folded: str) -> list[tuple[str, bool]]:
    return [(match.group(), match.lastgroup == "cjk") for match in _RUN.finditer(folded)]


def terms(text: str) -> set[str]:
    """Every term of a text, to be indexed."""
    return terms_of(fold(text))


def terms_of(folded: str) -> set[str]:
    """The same of a text that is folded already."""
    found: set[str] = set()
    for cjk, word in _RUN.findall(folded):
        if cjk:
            found.update(map(add, cjk, cjk[1:]), cjk)
        else:
            run = word[:LONGEST]
            found.add(run)
            if not run.isalpha():
                found.update(run[i:] for i in range(max(1, len(run) - LONGEST_ENDING), len(run) - 2))
    return found


def indexed_of(folded: str, personal: str = "") -> list[str]:
    """The terms of a folded text and of the personal one beside it, as far as a row can hold them; in no order."""
    marked, plain = [PERSONAL + term for term in terms_of(personal)], terms_of(folded)
    every = [*marked, *plain]
    if len("".join(every).encode()) + 3 * len(every) <= MOST_BYTES:
        return every
    kept: list[str] = []
    left = MOST_BYTES
    for term in sorted(marked) + sorted(plain, key=len):
        left -= len(term.encode()) + 3
        if left < 0:
            break
        kept.append(term)
    return kept


def day_term(day: date) -> str:
    return f"{DAY}{day.year:04}{day.month:02}{day.day:02}"


def month_term(day: date) -> str:
    return f"{DAY}{day.year:04}{day.month:02}"


def received_terms(at: datetime) -> list[str]:
    """The day and the month of receipt, in UTC: every document has those of its ticket. SQL makes them as `search._ROW` does."""
    day = at.astimezone(UTC).date()
    return [day_term(day), month_term(day)]


def queries(text: str, *, personal: bool = False) -> list[str]:
    """The text as tsqueries in PostgreSQL's own syntax, all of which must hold; none when nothing in it can be searched.

    With `personal`, each term may stand in the personal text too.
    """
    wanted: list[str] = []
    for run, is_cjk in runs(text):
        pairs = is_cjk and len(run) > 1
        for term in [run[i : i + 2] for i in range(len(run) - 1)] if pairs else [run[:LONGEST]]:
            spelled = [quote(mark + term) + ("" if is_cjk else ":*") for mark in ("", PERSONAL)]
            wanted.append(f"({' | '.join(spelled)})" if personal else spelled[0])
    return list(dict.fromkeys(wanted))


def quote(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def start_of_number(text: str) -> str:
    """The text when it can be the beginning of a ticket's number (three signs or more, one a digit), else nothing."""
    word = fold(text).strip().upper()
    fits = 3 <= len(word) <= 30 and word.isascii() and not word.split()[1:] and any(sign.isdigit() for sign in word)
    return word if fits else ""
