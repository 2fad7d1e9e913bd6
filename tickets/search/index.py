"""The search index, kept in the transaction that changes a ticket; and the search itself."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F

from common.copying import copy_rows
from common.text import fold
from tickets.models import SearchDocument
from tickets.querysets import TicketQuerySet
from tickets.search import readers as search_readers
from tickets.search import terms as search_terms
from tickets.search.windows import Holding

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.imported.story import PastTicket
    from tickets.models import Ticket

PUBLIC, INTERNAL = SearchDocument.Visibility.PUBLIC, SearchDocument.Visibility.INTERNAL

# with when it was received, by which `search_windows` reads the newest hits alone, and who reads it (`search_readers`)
_ROW = f"""(%s, %s, %s, array_to_tsvector(%s::text[] || (
    SELECT ARRAY['#' || to_char(received_at AT TIME ZONE 'UTC', 'YYYYMMDD'),
                 '#' || to_char(received_at AT TIME ZONE 'UTC', 'YYYYMM')] || {search_readers.SQL.format("t")}
    FROM tickets_ticket t WHERE id = %s)))"""

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


def add_new(documents: Iterable[tuple["Ticket | PastTicket", str, str]]) -> None:
    """The same for tickets that have no text yet, for all readers: (ticket, text, personal text). One statement."""
    copy_rows(SearchDocument, _NEW, [new_row(*document) for document in documents])


def document_of(ticket: "Ticket") -> SearchDocument:
    """The row that `add_new` would store for one ticket, unsaved."""
    row = new_row(ticket, text_of(ticket), personal_of(ticket))
    return SearchDocument.begun(**dict(zip(_NEW, row, strict=True)))


_NEW = ["ticket_id", "visibility", "body", "tsv"]


def new_row(ticket: "Ticket | PastTicket", text: str, personal: str) -> tuple[int, str, str, str]:
    """The values of `_NEW`. No term holds a blank or a quote."""
    body, terms = entry(text, personal)
    terms += search_terms.received_terms(ticket.received_at) + search_readers.of(ticket)
    return ticket.pk, PUBLIC, body, " ".join(terms)


def take_in() -> int:
    """Let the index take in what new texts put aside for it, before somebody's own text has to wait for that, and while
    searches read through little of it. Returns how many pages there were. One query; safe side by side.

    Only the owner of the index may; where the worker signs in as somebody else, autovacuum does it now and then.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gin_clean_pending_list(oid) FROM pg_class"
            " WHERE oid = 'search_tsv'::regclass AND pg_has_role(relowner, 'USAGE')"
        )
        return sum(pages for (pages,) in cursor.fetchall())


def entry(text: str, personal: str) -> tuple[str, list[str]]:
    """The body and the terms of a document. Both parts are folded once: a line feed joins with nothing."""
    text, personal = fold(text), fold(personal)
    return f"{text}\n{personal}" if personal else text, search_terms.indexed_of(text, personal)


def text_of(ticket: "Ticket | PastTicket") -> str:
    """What a ticket itself is found by: subject, content, place, the number that its source gave it.

    Its own number has an index of its own, and is not known yet when a case comes in.
    """
    parts = (ticket.subject, ticket.content, ticket.place, ticket.external_id)
    return "\n".join(part for part in parts if part)


def personal_of(ticket: "Ticket | PastTicket") -> str:
    """What it is found by among those who see personal data: its customer."""
    who = ticket.customer
    return "\n".join(part for part in (who.name, who.phone, who.email, who.external_id) if part) if who else ""


def search(
    tickets: TicketQuerySet,
    text: str,
    *,
    phrases: Sequence[str] = (),
    without: Sequence[str] = (),
    personal: bool = False,
    reader: "User | None" = None,
) -> TicketQuerySet:
    """Those of `tickets` that hold every word of `text`, or whose number begins so. Permission is part of `tickets`.

    `phrases`: parts of `text` that must stand in one document as they are, but for case and width. `without`: texts of
    which none stands in any.
    `personal`: whether the reader sees customers unmasked, and so may find by them. `reader`: `tickets` are no more
    than what this user sees, so that the index need not be asked for others' hits.
    """
    words = search_terms.queries(text, personal=personal)
    if not words:
        return tickets.none()
    holding = Holding(
        F("pk"),
        words=tuple(words),
        runs=_runs(text, phrases),
        number=search_terms.start_of_number(text),
        readers=search_readers.wanted(reader) if reader else "",
        beside=search_readers.beside(reader) if reader else (),
        lacking=tuple(one for text in without if (one := _proved_by_terms(text, personal=personal))),
    )
    found = tickets.filter(holding)
    for unwanted in without:
        found = lacking(found, unwanted, personal=personal)
    return found


def _proved_by_terms(text: str, *, personal: bool) -> str:
    """The tsquery of a text that stands wherever its terms do, else nothing. Beginnings of words are none: the index would gather
    all that begin so."""
    words = search_terms.queries(text, personal=personal)
    return "" if _runs(text, [text]) or any(":*" in word for word in words) else " & ".join(words)


def lacking(tickets: TicketQuerySet, text: str, *, personal: bool = False) -> TicketQuerySet:
    """Those of `tickets` that have no document in which all of `text` stands. Each is looked at by itself: of a common word the
    index would first gather every hit."""
    words = search_terms.queries(text, personal=personal)
    if not words:
        return tickets
    holding = Holding(F("pk"), words=tuple(words), runs=_runs(text, [text]))
    return tickets.exclude(holding.within(()))


def _runs(text: str, phrases: Iterable[str] = ()) -> tuple[str, ...]:
    """What must stand in a document as it is: Chinese runs of three characters and more, which their pairs do not prove, and phrases
    of several words."""
    chinese = [run for run, is_cjk in search_terms.runs(text) if is_cjk and len(run) > 2]
    told = [" ".join(fold(phrase).split()) for phrase in phrases if len(search_terms.runs(phrase)) > 1]
    return tuple(dict.fromkeys([*chinese, *told]))
