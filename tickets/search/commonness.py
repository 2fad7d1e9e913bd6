"""How common a term is in the search documents, as the database's own statistics tell (`ANALYZE`).

They name the terms that stand in most documents; of every other it is known that it is no more common than those.
A process remembers them until the table is analysed anew.
"""

import re
from collections.abc import Hashable

from django.db import connection

from tickets.search.terms import PERSONAL

UNKNOWN = 0.01
"""The share of documents that a term is taken to stand in while the statistics do not name it."""

_NAMED = """
SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats
WHERE schemaname = current_schema AND tablename = 'tickets_searchdocument' AND attname = 'tsv'
"""
_TERM = re.compile(r"'((?:[^']|'')*)'(:\*)?")
_known: tuple[Hashable, dict[str, float]] = (None, {})


def refresh(mark: Hashable) -> None:
    """Read the statistics, unless those remembered bear this mark. At most one query."""
    global _known
    if mark == _known[0]:
        return
    with connection.cursor() as cursor:
        cursor.execute(_NAMED)
        names, shares = cursor.fetchone() or (None, None)
    _known = (mark, dict(zip(names or (), shares or (), strict=False)))  # after the names come least, most and none


def of(query: str) -> float:
    """At most such a share of all documents has one of the terms that stand in a tsquery of alternatives."""
    named = _known[1]
    least = min([UNKNOWN, *named.values()])
    share = 0.0
    for quoted, begins in _TERM.findall(query):
        term = quoted.replace("''", "'").replace("\\\\", "\\")
        if begins:
            share += sum(its for name, its in named.items() if name.startswith(term)) or least
        elif term in named:
            share += named[term]
        elif not term.startswith(PERSONAL):  # names beside the texts: seldom more than the word itself
            share += least
    return min(1.0, share) or least
