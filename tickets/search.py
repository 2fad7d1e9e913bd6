"""The search index, kept in the transaction that changes a ticket; and the search itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F

from common.copying import copy_rows
from common.text import fold
from tickets import search_terms
from tickets.models import SearchDocument
from tickets.querysets import TicketQuerySet
from tickets.search_windows import Holding

if TYPE_CHECKING:
    from tickets.import_story import PastTicket
    from tickets.models import Ticket

PUBLIC, INTERNAL = SearchDocument.Visibility.PUBLIC, SearchDocument.Visibility.INTERNAL

# with the day of receipt (`search_terms.day_term`), by which `search_windows` reads the newest hits alone
_ROW = """(%s, %s, %s, array_to_tsvector(%s::text[] || ARRAY(
    SELECT '#' || to_char(received_at AT TIME ZONE 'UTC', 'YYYYMMDD') FROM tickets_ticket WHERE id = %s)))"""

# PostgreSQL takes 1 MB of terms a row: a talk that grows beyond is still kept, its last words are not found.
_ADD = """
INSERT INTO tickets_searchdocument AS d (ticket_id, visibility, body, tsv) VALUES {rows}
ON CONFLICT (ticket_id, visibility) DO UPDATE SET body = d.body || E'\\n' || EXCLUDED.body, tsv = CASE
    WHEN octet_length(tsvectorsend(d.tsv)) + octet_length(tsvectorsend(EXCLUDED.tsv)) < 1000000
    THEN d.tsv || EXCLUDED.tsv ELSE d.tsv END
"""


def add(documents: Iterable[tuple[int, str, str, str]]) -> None:
    """Add text to what tickets are found by: (ticket id, visibility, text, personal text). One query for all.

    Personal text is found only by who may read it unmasked; else search would give it away digit by digit.
    """
    values: list[Any] = []
    for ticket_id, visibility, text, personal in documents:
        body, terms = entry(text, personal)
        values += [ticket_id, visibility, body, terms, ticket_id]
    if values:
        rows = ", ".join([_ROW] * (len(values) // 5))
        with connection.cursor() as cursor:
            cursor.execute(_ADD.format(rows=rows), values)


def add_new(documents: Sequence[tuple[int, datetime, str, str]]) -> None:
    """The same for tickets that have no text yet, for all readers: (ticket id, receipt, text, personal). One statement."""
    rows = []
    for ticket_id, received_at, text, personal in documents:
        body, terms = entry(text, personal)
        terms.append(search_terms.day_term(received_at))
        rows.append((ticket_id, PUBLIC, body, " ".join(terms)))
    copy_rows(SearchDocument, ["ticket_id", "visibility", "body", "tsv"], rows)  # no term holds a blank or a quote


def entry(text: str, personal: str) -> tuple[str, list[str]]:
    """The body and the terms of a document. Both parts are folded once: a line feed joins with nothing."""
    text, personal = fold(text), fold(personal)
    return f"{text}\n{personal}" if personal else text, search_terms.indexed_of(text, personal)


def text_of(ticket: "Ticket | PastTicket") -> str:
    """What a ticket itself is found by: numbers, subject, content, place."""
    parts = (ticket.number, ticket.subject, ticket.content, ticket.place, ticket.external_id)
    return "\n".join(part for part in parts if part)


def personal_of(ticket: "Ticket | PastTicket") -> str:
    """What it is found by among those who see personal data: its customer."""
    who = ticket.customer
    return "\n".join(part for part in (who.name, who.phone, who.email, who.external_id) if part) if who else ""


def search(tickets: TicketQuerySet, text: str, *, personal: bool = False) -> TicketQuerySet:
    """Those of `tickets` that hold every word of `text`, or whose number begins so. Permission is part of `tickets`.

    `personal`: whether the reader sees customers unmasked, and so may find by them.
    """
    query = search_terms.query(text, personal=personal)
    if not query:
        return tickets.none()
    runs = tuple(run for run, is_cjk in search_terms.runs(text) if is_cjk and len(run) > 2)
    return tickets.filter(Holding(F("pk"), query=query, runs=runs, number=search_terms.start_of_number(text)))
