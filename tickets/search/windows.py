"""A page of hits without looking at all of them: the newest days first, then further and further back.

Each search document carries the day and the month of its ticket's receipt as terms (`search_terms.received_terms`). The
index joins words, readers (`search_readers`) and days by itself, so that of a word that half of all tickets hold, only
the hits of a few days are read. A word that is rare costs one look a window. The windows part the time without a gap:
nothing is missed, nothing found twice.
"""

from collections.abc import Iterator, Sized
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Func, QuerySet
from django.db.models.sql.where import WhereNode

from tickets.querysets import TicketQuerySet
from tickets.search import terms as search_terms

WORTH_IT = 50_000
"""With fewer documents one look at all hits is quicker than several looks."""
SMALLEST, GROWTH, SHARE = 2_500, 3, 0.03
"""Tickets in the first window, how much larger each next one is, and the share of all after which months follow."""
MOST_DAYS = 90
"""Each day of a window is a term to be looked up."""
DENSE = 8
"""Up to so many signs, the beginning of a number (138, Q2026) may be that of every second one: the newest tickets are then
looked at one by one, because the index would first gather all that begin so."""
FEW = 300
"""With no more hits to be expected in all, they are looked up in one go."""
MONTHS = (3, 9, 27)
"""How many months the windows after those of days have; the last window is all that is left."""

_ORDER = {"received": 1, "-received": -1}
_SCALE = """
SELECT (SELECT received_at FROM tickets_ticket ORDER BY received_at LIMIT 1),
    (SELECT received_at FROM tickets_ticket ORDER BY received_at DESC LIMIT 1),
    (SELECT reltuples FROM pg_class WHERE oid = 'tickets_searchdocument'::regclass)
"""


class Holding(Func):
    """The condition that a ticket's documents hold words: `Holding(F("pk"), query=…, runs=…)`.

    `query` is a tsquery; every text of `runs` must stand in the document as it is. `number`: or the ticket's number
    begins so. `readers`: a tsquery too, one of whose terms a document must have, or its ticket be one of those that
    the subqueries `beside` name. `when` narrows it to days or months, which the caller must ask of the tickets too.
    """

    output_field = BooleanField()

    def __init__(
        self,
        key: Any,
        *,
        query: str,
        runs: tuple[str, ...] = (),
        number: str = "",
        readers: str = "",
        beside: tuple[QuerySet, ...] = (),
        when: tuple[str, ...] = (),
    ) -> None:
        super().__init__(key)
        self.query, self.runs, self.number, self.when = query, runs, number, when
        self.readers, self.beside = readers, beside
        self.one_by_one = False

    def as_sql(self, compiler: Any, connection: Any, **_extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        key, params = compiler.compile(self.source_expressions[0])
        number = connection.ops.prep_for_like_query(self.number) + "%"
        if self.one_by_one:
            look, asked = self._look("tickets_searchdocument", self.query)
            named = "SELECT id FROM tickets_ticket AS numbered WHERE number LIKE %s"
            # OFFSET 0 keeps each a question about one ticket
            sql = (
                f"(EXISTS ({look} AND ticket_id = {key} OFFSET 0) OR EXISTS ({named} AND numbered.id = {key} OFFSET 0))"
            )
            return sql, [*asked, *params, number, *params]
        days = " | ".join(map(search_terms.quote, self.when))
        query = " & ".join(f"({part})" for part in (days, self.readers, self.query) if part)
        # the index first, always: of a word that is nowhere the planner believes that it will soon come
        hits, asked = self._look("tickets_searchdocument", query)
        if self.readers and self.beside:
            few = [one.query.sql_with_params() for one in self.beside]
            keys = " || ".join(f"ARRAY({sql})" for sql, _params in few)
            # OFFSET 0: these few documents first, then their words
            own = f"(SELECT * FROM tickets_searchdocument WHERE ticket_id = ANY({keys}) OFFSET 0) AS own"
            look, its = self._look(own, self.query)
            hits, asked = f"{hits} UNION ALL {look}", [*asked, *(one for _sql, some in few for one in some), *its]
        hits = f"WITH hit AS MATERIALIZED ({hits}) SELECT ticket_id FROM hit"
        if self.number:
            hits += " UNION SELECT id FROM tickets_ticket WHERE number LIKE %s"
            asked.append(number)
        return f"{key} IN ({hits})", [*params, *asked]

    def _look(self, documents: str, query: str) -> tuple[str, list[Any]]:
        held = " AND body LIKE %s" * len(self.runs)
        # runs hold letters alone, no sign that LIKE would read otherwise
        return f"SELECT ticket_id FROM {documents} WHERE tsv @@ %s::tsquery{held}", [
            query,
            *(f"%{run}%" for run in self.runs),
        ]

    def within(self, when: tuple[str, ...]) -> "Holding":
        """Held to these days or months; held to none, each ticket is looked at by itself."""
        narrowed: Holding = self.copy()
        narrowed.when, narrowed.one_by_one = when, not when
        return narrowed


def parts(
    tickets: TicketQuerySet,
    ordering: str,
    begin: datetime | None = None,
    *,
    found: Sized = (),
    sample: bool = False,
) -> Iterator[TicketQuerySet]:
    """The tickets in portions, each wholly before the next one in this order; read them until there are enough.

    `begin` is where the page begins, when it is not the first. `found` is what the caller has read so far: when it shows
    that the hits are few, the rest comes in one go. With `sample` the newest hits will do. One query beside those of the
    portions, and only for a search by words in the order of receipt.
    """
    way = _ORDER.get(ordering, 0)
    searched = list(_searches(tickets.query.where))
    numbers = [one.number for one in searched if one.number]
    if not way or not searched or any(len(number) > DENSE for number in numbers):
        yield tickets
        return
    with connection.cursor() as cursor:
        cursor.execute(_SCALE)
        oldest, newest, documents = cursor.fetchone()
    if oldest is None or documents < WORTH_IT:
        yield tickets
        return
    day, last = (_day(one) for one in ((begin or newest, oldest) if way < 0 else (begin or oldest, newest)))
    span, reached, few = (newest - oldest).days + 1, 0, False
    for place, number in enumerate(day_windows(documents, span)):
        few = place > 1 and len(found) * span / reached <= FEW
        if few or (numbers and place > 1 and not any(one.readers for one in searched)):
            break
        days = [day + timedelta(days=way * step) for step in range(number)]
        yield _of(tickets, days[0], days[-1], () if numbers else tuple(map(search_terms.day_term, days)))
        day, reached = days[-1] + timedelta(days=way), reached + number
    if numbers and sample and len(found):
        return
    for number in () if few or numbers else MONTHS:
        months = [_month(day, way * step) for step in range(number)]
        edge = months[-1] if way < 0 else _month(months[-1], 1) - timedelta(days=1)
        if (edge - last).days * way >= 0:  # it would reach the end, where the last window needs no months
            break
        yield _of(tickets, day, edge, tuple(map(search_terms.month_term, months)))
        day = edge + timedelta(days=way)
    # what is left: from the beginning of that day on, or before its end
    yield tickets.filter(received_at__gte=_start(day)) if way > 0 else tickets.filter(received_at__lt=_end(day))


def day_windows(documents: float, days: int) -> list[int]:
    """How many days the first windows have, when so many documents lie in so many days."""
    windows, size, reached = [], float(SMALLEST), 0.0
    while reached < SHARE * documents:
        windows.append(min(MOST_DAYS, ceil(size * days / documents)))
        reached, size = reached + windows[-1] * documents / days, size * GROWTH
    return windows


def keys(tickets: TicketQuerySet, ordering: str, most: int, begin: datetime | None = None) -> list[int]:
    """The primary keys of the first `most` of ordered tickets."""
    found: list[int] = []
    for part in parts(tickets, ordering, begin, found=found):
        found += part.values_list("pk", flat=True)[: most - len(found)]
        if len(found) >= most:
            break
    return found


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _end(day: date) -> datetime:
    return _start(day + timedelta(days=1))


def _month(day: date, later: int) -> date:
    """The first day of the month so many later."""
    number = day.year * 12 + day.month - 1 + later
    return date(number // 12, number % 12 + 1, 1)


def _of(tickets: TicketQuerySet, one: date, other: date, terms: tuple[str, ...]) -> TicketQuerySet:
    """Those received between two days, both with them, whose documents have one of the terms."""
    found = tickets.filter(received_at__gte=_start(min(one, other)), received_at__lt=_end(max(one, other)))
    found.query.where = _narrowed(found.query.where, terms)
    return found


def _searches(node: Any) -> Iterator[Holding]:
    if isinstance(node, Holding):
        yield node
    elif isinstance(node, WhereNode):
        if not node.negated and node.connector == "AND":
            for child in node.children:
                yield from _searches(child)
    elif isinstance(getattr(node, "lhs", None), Holding):
        yield node.lhs


def _narrowed(node: WhereNode, terms: tuple[str, ...]) -> WhereNode:
    """The condition anew, with every search that `_searches` found held to these days or months."""
    if node.negated or node.connector != "AND":
        return node
    copied = node.clone()
    children: list[Any] = copied.children
    for place, child in enumerate(children):
        if isinstance(child, Holding):
            children[place] = child.within(terms)
        elif isinstance(child, WhereNode):
            children[place] = _narrowed(child, terms)
        elif isinstance(getattr(child, "lhs", None), Holding):
            children[place] = type(child)(child.lhs.within(terms), child.rhs)
    return copied
