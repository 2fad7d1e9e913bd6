"""The search index, kept in the transaction that changes a ticket; and the search itself."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection

from common.copying import copy_rows
from common.text import fold
from tickets import search_terms
from tickets.models import SearchDocument, Ticket
from tickets.querysets import TicketQuerySet

if TYPE_CHECKING:
    from tickets.import_story import PastTicket

PUBLIC, INTERNAL = SearchDocument.Visibility.PUBLIC, SearchDocument.Visibility.INTERNAL

_ADD = """
INSERT INTO tickets_searchdocument AS d (ticket_id, visibility, body, tsv) VALUES {rows}
ON CONFLICT (ticket_id, visibility) DO UPDATE SET body = d.body || E'\\n' || EXCLUDED.body, tsv = d.tsv || EXCLUDED.tsv
"""


def add(documents: Iterable[tuple[int, str, str]]) -> None:
    """Add text to what tickets are found by: (ticket id, visibility, text). One query for all of them."""
    values: list[Any] = []
    for ticket_id, visibility, text in documents:
        values += [ticket_id, visibility, fold(text), sorted(search_terms.terms(text))]
    if values:
        rows = ", ".join(["(%s, %s, %s, array_to_tsvector(%s::text[]))"] * (len(values) // 4))
        with connection.cursor() as cursor:
            cursor.execute(_ADD.format(rows=rows), values)


def add_new(documents: Sequence[tuple[int, str]]) -> None:
    """The same for tickets that have no text yet, for all readers: (ticket id, text). One statement."""
    folded = [(ticket_id, fold(text)) for ticket_id, text in documents]
    rows = [(ticket_id, PUBLIC, text, " ".join(search_terms.terms_of(text))) for ticket_id, text in folded]
    copy_rows(SearchDocument, ["ticket_id", "visibility", "body", "tsv"], rows)  # no term holds a blank or a quote


def text_of(ticket: "Ticket | PastTicket") -> str:
    """What a ticket itself is found by: numbers, subject, content, place, customer."""
    parts = [
        ticket.number,
        ticket.subject,
        ticket.content,
        ticket.place,
        ticket.external_id,
    ]
    if ticket.customer:
        parts += [
            ticket.customer.name,
            ticket.customer.phone,
            ticket.customer.email,
            ticket.customer.external_id,
        ]
    return "\n".join(part for part in parts if part)


def search(tickets: TicketQuerySet, text: str) -> TicketQuerySet:
    """Those of `tickets` that hold every word of `text`, or whose number begins so. Permission is part of `tickets`."""
    query = search_terms.query(text)
    if not query:
        return tickets.none()
    hits = SearchDocument.objects.extra(where=["tsv @@ %s::tsquery"], params=[query])
    for run, is_cjk in search_terms.runs(text):
        if is_cjk and len(run) > 2:
            hits = hits.filter(body__contains=run)
    found = hits.values("ticket_id")
    if start := search_terms.start_of_number(text):
        found = found.union(Ticket.objects.filter(number__startswith=start).order_by().values("pk"))
    return tickets.filter(pk__in=found)
